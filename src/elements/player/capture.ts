/** A stream that shows nothing for so long has no picture. */
const FRAME_WAIT_MS = 3000;

/** A picture that was saved. */
export interface CapturedView {
  clientId: string;
  name: string;
  /** PNG in the size in which it arrived. */
  image: Blob;
  /** Pixels. */
  width: number;
  height: number;
}

/** The picture a video shows right now, as others see it. @returns `undefined` without a picture. */
export async function captureFrame(
  video: HTMLVideoElement,
): Promise<{ image: Blob; width: number; height: number } | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')!.drawImage(video, 0, 0, width, height);
  const image = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return image ? { image, width, height } : undefined;
}

/** The picture of a stream that nobody need be showing. @returns `undefined` without a picture, or if none comes in time. */
export async function captureStream(
  stream: MediaStream,
): Promise<{ image: Blob; width: number; height: number } | undefined> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  try {
    await new Promise<void>((resolve) => {
      video.requestVideoFrameCallback(() => resolve());
      window.setTimeout(resolve, FRAME_WAIT_MS);
      video.play().catch(() => resolve());
    });
    return await captureFrame(video);
  } finally {
    video.srcObject = null;
  }
}

/** Lets the browser save a file. */
export function download(file: Blob, name: string): void {
  const href = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href, download: name });
  // Not in the document, so that the page neither sees it nor can be in the way.
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** `Ann Lee 2026-03-04 15.06.07.png`; what file systems do not take is left out. */
export function captureName(name: string, at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`;
  const safe = name
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '')
    .trim()
    .slice(0, 60);
  return `${safe ? `${safe} ` : ''}${day} ${time}.png`;
}
