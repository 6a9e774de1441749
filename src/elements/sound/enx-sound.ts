import { consume } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomState } from '../../engine/room-state.js';
import { define } from '../internal/define.js';
import { localMutesContext, type LocalMutes, roomStateContext } from '../internal/contexts.js';

/**
 * Plays the sound of every slot, seen or not. Invisible.
 *
 * @fires {CustomEvent} enx-sound-blocked - The browser wants a click before it plays; `detail.blocked` tells.
 */
@define('enx-sound')
export class EnxSound extends LitElement {
  @consume({ context: roomStateContext, subscribe: true }) @property({ attribute: false }) room:
    RoomState | undefined;
  @consume({ context: localMutesContext, subscribe: true })
  @property({ attribute: false })
  localMutes: LocalMutes | undefined;
  #blocked = false;

  /** Call from a click. */
  async play(): Promise<void> {
    const elements = [...this.renderRoot.querySelectorAll('audio')];
    const results = await Promise.allSettled(elements.map((audio) => audio.play()));
    const blocked = results.some(
      (result) => result.status === 'rejected' && (result.reason as DOMException).name === 'NotAllowedError',
    );
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.dispatchEvent(new CustomEvent('enx-sound-blocked', { detail: { blocked } }));
  }

  protected override render(): unknown {
    const streams = this.room?.slotStreams ?? [];
    const silenced = this.#silenced();
    return streams.length === 0
      ? nothing
      : repeat(
          streams,
          ({ id }) => id,
          // An object is set again with every rendering otherwise, and a stream that is set again stops playing.
          (stream) =>
            html`<audio
              .srcObject=${live(stream)}
              .muted=${stream.getAudioTracks().some((track) => silenced.has(track))}
            ></audio>`,
        );
  }

  /** Tracks of people one does not want to hear; people move between slots, so that is told by the track. */
  #silenced(): ReadonlySet<MediaStreamTrack> {
    const muted = this.localMutes?.audio ?? [];
    const talkers = this.room?.talkers.filter(({ clientId }) => muted.includes(clientId)) ?? [];
    return new Set(talkers.flatMap(({ stream }) => stream?.getAudioTracks() ?? []));
  }

  /** @param id empty = the browser's choice. */
  #chooseSpeaker(id: string): void {
    for (const audio of this.renderRoot.querySelectorAll('audio')) {
      // A speaker that is gone leaves the sound where it is.
      if ('setSinkId' in audio && audio.sinkId !== id) audio.setSinkId(id).catch(() => {});
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#chooseSpeaker(this.room?.devices.speakerId ?? '');
    const before: RoomState | undefined = changed.get('room');
    if (changed.has('room') && before?.slotStreams !== this.room?.slotStreams) void this.play();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'enx-sound': EnxSound;
  }
}
