/** Browser pages with a real `<enx-room>` from the built script, and what tests want to know of them. */
import type { Browser, Page } from 'playwright-core';
import type { EnxRoom } from '../../src/index.js';
import { type PageServer, scriptFiles, servePages } from './browser.js';
import { until, wait } from './patience.js';

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
<style>body { margin: 0 } enx-room { height: 100vh }</style><script src="/enx-room.min.js"></script><body></body></html>`;

/** The policy that the element must live with. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; media-src blob:; img-src 'self' blob: data:";
const strict = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="icon" href="data:,">
<script src="/enx-room.min.js"></script><body></body></html>`;

export const serveRoomPage = (): Promise<PageServer> =>
  servePages({ '/': html, '/strict': strict, ...scriptFiles() });

declare global {
  interface Window {
    /** The element under test. */
    enx: EnxRoom;
    enxEvents: { name: string; detail: unknown; state: string }[];
    /** Every peer connection that was made, closed ones too. */
    enxConnections: RTCPeerConnection[];
  }
}

const EVENTS = [
  'room-connected',
  'room-error',
  'room-awaited',
  'user-awaited',
  'share-started',
  'share-stopped',
  'hardmute-user-audio',
  'hardunmute-user-audio',
  'room-disconnected',
  'user-connected',
  'user-disconnected',
  'stream-published',
  'stream-unpublished',
  'active-talkers-updated',
  'message-received',
  'user-audio-muted',
  'user-audio-unmuted',
  'user-video-muted',
  'user-video-unmuted',
  'media-access-allowed',
  'media-access-denied',
  'event-error',
  'connection-lost',
  'connection-interrupted',
  'reconnect',
  'user-reconnect-success',
  'exit-room',
] as const;

export interface RoomPage {
  readonly page: Page;
  /** Errors that nobody caught, and what a content policy blocked. */
  readonly errors: string[];
  /** Resolves with the first event of this name that has happened or will happen. */
  event<T = Record<string, unknown>>(name: (typeof EVENTS)[number]): Promise<T>;
  /** Names of all events so far, in order. */
  eventNames(): Promise<string[]>;
  state(): Promise<string>;
  /** Waits until this many remote talkers send a picture that moves. */
  seesMovingPictures(count: number): Promise<void>;
  /** Waits until the sound of this person arrives. */
  hears(name: string): Promise<void>;
  /** Waits until the list of remote talkers' names, sorted, is this. */
  talkers(names: string[]): Promise<void>;
}

export interface PageOptions {
  path?: string;
  /** Comes before the page has loaded anything. */
  before?: (page: Page) => Promise<unknown>;
}

/** Opens a page and puts a room into it. @param attributes of `<enx-room>`. */
export async function openRoomPage(
  browser: Browser,
  origin: string,
  attributes: Record<string, string>,
  { path = '/', before }: PageOptions = {},
): Promise<RoomPage> {
  const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      errors.push(message.text());
  });
  await page.addInitScript(() => {
    const connections: RTCPeerConnection[] = (window.enxConnections = []);
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
  });
  await before?.(page);
  await page.goto(origin + path);
  await page.evaluate(
    ([names, values]) => {
      const element = document.createElement('enx-room');
      window.enx = element;
      window.enxEvents = [];
      for (const name of names) {
        element.addEventListener(name, (event) => {
          const detail = JSON.parse(JSON.stringify((event as CustomEvent).detail ?? null)) as unknown;
          window.enxEvents.push({ name, detail, state: element.state });
        });
      }
      for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
      document.body.append(element);
    },
    [EVENTS as readonly string[], attributes] as const,
  );
  return {
    page,
    errors,
    event: async <T>(name: string) => {
      const handle = await page.waitForFunction(
        (wanted) => window.enxEvents.find((event) => event.name === wanted),
        name,
        wait,
      );
      return ((await handle.jsonValue()) as { detail: T }).detail;
    },
    eventNames: () => page.evaluate(() => window.enxEvents.map(({ name }) => name)),
    state: () => page.evaluate(() => window.enx.state),
    seesMovingPictures: async (count) => {
      await page.waitForFunction(
        (wanted) => {
          const stage = window.enx.shadowRoot?.querySelector('enx-stage');
          const players = [...(stage?.shadowRoot?.querySelectorAll('enx-player:not([self])') ?? [])];
          const moving = players.filter((player) => {
            const video = player.shadowRoot!.querySelector('video')! as HTMLVideoElement & {
              firstFrames?: number;
              mozPaintedFrames?: number;
            };
            // Firefox counts no frames of live streams, except those it has painted.
            const frames = video.mozPaintedFrames ?? video.getVideoPlaybackQuality().totalVideoFrames;
            if (frames > 0) video.firstFrames ??= frames;
            return player.hasAttribute('data-playing') && frames > (video.firstFrames ?? Infinity) + 5;
          });
          return moving.length >= wanted;
        },
        count,
        { ...wait, polling: 200 },
      );
    },
    hears: async (name) => {
      await page.evaluate(() => {
        for (const receiver of window.enxConnections.flatMap((pc) => pc.getReceivers()))
          delete (receiver as { firstEnergy?: number }).firstEnergy;
      });
      // The fake microphone beeps about once a second. Browsers count energy as they play it: what is received but
      // stays silent does not count.
      // Asked from here: playwright's waitForFunction takes the promise of an answer for the answer.
      const isHeard = (): Promise<boolean> =>
        page.evaluate(async (wanted) => {
          const stream = window.enx.room.state.talkers.find((talker) => talker.name === wanted)?.stream;
          const [track] = stream?.getAudioTracks() ?? [];
          const receiver = window.enxConnections
            .flatMap((pc) => pc.getReceivers())
            .find((candidate) => candidate.track === track);
          if (!receiver) return false;
          const elements = window.enx
            .shadowRoot!.querySelector('enx-sound')!
            .shadowRoot!.querySelectorAll('audio');
          const player = [...elements].find(({ srcObject }) =>
            (srcObject as MediaStream).getTracks().includes(track!),
          );
          if (!player || player.paused || player.muted) return false;
          for (const entry of (await receiver.getStats()).values()) {
            const { type, totalAudioEnergy } = entry as { type: string; totalAudioEnergy?: number };
            if (type !== 'inbound-rtp' || totalAudioEnergy === undefined) continue;
            const marked = receiver as RTCRtpReceiver & { firstEnergy?: number };
            marked.firstEnergy ??= totalAudioEnergy;
            return totalAudioEnergy > marked.firstEnergy + 0.001;
          }
          return false;
        }, name);
      await until(`the sound of ${name}`, isHeard);
    },
    talkers: async (names) => {
      await page.waitForFunction(
        (wanted) =>
          window.enx.room.state.talkers
            .map(({ name }) => name)
            .sort()
            .join() === wanted,
        [...names].sort().join(),
        wait,
      );
    },
  };
}

/** Ann and Bob, alone with each other, see and hear each other. */
export async function seeAndHear(ann: RoomPage, bob: RoomPage): Promise<void> {
  await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
  await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
  await Promise.all([ann.hears('Bob'), bob.hears('Ann')]);
}
