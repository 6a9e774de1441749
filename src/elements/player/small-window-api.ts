/** What browsers offer for a small window over other apps. */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window & typeof globalThis>;
}
export const documentApi = (): DocumentPictureInPicture | undefined =>
  (window as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;

/** The browser has small windows over other apps. */
export const hasSmallWindows = (): boolean =>
  Boolean(documentApi()) || ('pictureInPictureEnabled' in document && document.pictureInPictureEnabled);
