import type { Room } from '../../engine/room.js';
import type { EnxRequestMap, EnxRequestName } from '../internal/requests.js';

/** What the room element lends to the answers. */
export interface AnswerHost {
  readonly room: Room;
  join(name: string | undefined): Promise<void>;
  disconnect(): Promise<void>;
  retryDevices(): void;
  /** A device was chosen: tells when it could not be had. */
  choose(done: Promise<void>): void;
}

/** What the room does about each request that nobody cancelled. */
export type Answers = { readonly [K in EnxRequestName]: (detail: EnxRequestMap[K]) => void };

/** Requests that are made before a call as well. */
export type EarlyRequest =
  | 'enx-join-request'
  | 'enx-leave-request'
  | 'enx-mute-request'
  | 'enx-device-request'
  | 'enx-device-retry-request';

export const ignore = (): void => {
  // Whatever matters to people is shown; the rest is told by the method's own events.
};

export const answersOf = (host: AnswerHost): Pick<Answers, EarlyRequest> => {
  const { room } = host;
  return {
    'enx-join-request': ({ name }) => void host.join(name).catch(ignore),
    'enx-leave-request': () => void host.disconnect().catch(ignore),
    'enx-mute-request': ({ kind, muted }) =>
      void (kind === 'audio' ? room.setMicrophoneMuted(muted) : room.setCameraMuted(muted)).catch(ignore),
    'enx-device-retry-request': () => host.retryDevices(),
    'enx-device-request': ({ device, id }) =>
      host.choose(
        device === 'microphone'
          ? room.setMicrophone(id)
          : device === 'camera'
            ? room.setCamera(id)
            : room.setSpeaker(id),
      ),
  };
};

/** Answers requests of `element` and of what is in it, after every listener of the page had its say. */
export function answerRequests(element: HTMLElement, answers: Partial<Answers>): void {
  for (const [name, answer] of Object.entries(answers)) {
    element.addEventListener(name, (event) => {
      queueMicrotask(() => {
        if (!event.defaultPrevented) (answer as (detail: unknown) => void)((event as CustomEvent).detail);
      });
    });
  }
}
