import type { MediaEngineConnecting, StreamId } from '../protocol/index.js';
import type { EngineEnvironment } from './environment.js';
import { RoomError } from './errors.js';

/** Longest time from offer to a working media path before the connection counts as failed. */
const CONNECT_TIMEOUT_MS = 20_000;
/** After the path is up, how long the server may take to say `ready`. */
const READY_GRACE_MS = 2000;
/** Far more than any server has. */
const MAX_EARLY_CANDIDATES = 100;

/** The way to the server: acknowledged requests, and notices whose answer matters to nobody. */
export interface Signaller {
  /** @throws {RoomError} with the number the server gave. */
  request(name: string, ...args: unknown[]): Promise<Record<string, unknown>>;
  notify(name: string, ...args: unknown[]): void;
}

export interface TransportContext {
  signalling: Signaller;
  environment: EngineEnvironment;
  configuration: RTCConfiguration;
  /** Nothing comes any more at the moment; it may come back by itself. */
  disturbed(): void;
}

/**
 * One peer connection, one direction (protocol §4): we always offer, the server answers, and there is never a second
 * offer on the same connection. Repair means closing this object and making a new one.
 */
export abstract class PeerTransport {
  readonly pc: RTCPeerConnection;
  /** Resolves when the server says `ready`, or the path is up for a while without a word. Rejects with `media-connection-failed`, also on {@link close}. */
  readonly ready: Promise<void>;
  /** The media path broke after it had worked; called at most once and never after close(). */
  onfailed: (() => void) | undefined;
  protected readonly context: TransportContext;
  #streamId: StreamId | undefined;
  #hasAnswer = false;
  /** The answer is in force. */
  #isAnswered = false;
  #closed = false;
  readonly #candidates: RTCIceCandidate[] = [];
  readonly #remoteCandidates: string[] = [];
  #gatheringDone = false;
  #isReady = false;
  #resolveReady!: () => void;
  #rejectReady!: (error: RoomError) => void;
  readonly #timer: number;
  #graceTimer: number | undefined;

  protected constructor(context: TransportContext) {
    this.context = context;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    // Whoever does not await it must not see an unhandled rejection.
    this.ready.catch(() => {});
    this.pc = context.environment.createPeerConnection({
      ...context.configuration,
      bundlePolicy: 'max-bundle',
    });
    this.pc.onicecandidate = ({ candidate }) => this.#gathered(candidate);
    this.pc.onconnectionstatechange = () => {
      const { connectionState } = this.pc;
      if (connectionState === 'failed') this.#fail('The media connection broke.');
      else if (connectionState === 'disconnected') context.disturbed();
      else if (connectionState === 'connected') {
        // A server that never says so must not cost us a path that works.
        this.#graceTimer = context.environment.setTimeout(() => this.#setReady(), READY_GRACE_MS);
      }
    };
    this.#timer = context.environment.setTimeout(() => {
      if (!this.#isReady) this.#fail('No media connection came about in time.');
    }, CONNECT_TIMEOUT_MS);
  }

  get streamId(): StreamId | undefined {
    return this.#streamId;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Media can pass at this moment, as far as the browser knows. */
  get up(): boolean {
    return !this.#closed && this.#isReady && this.pc.connectionState === 'connected';
  }

  /** A media message that names this transport. */
  handle(msg: MediaEngineConnecting['msg']): void {
    if (this.#closed) return;
    if (msg.type === 'answer') void this.#applyAnswer(msg.sdp);
    else if (msg.type === 'candidate') this.#receivedCandidate(msg.candidate);
    else if (msg.type === 'ready') this.#setReady();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTimers();
    this.pc.onicecandidate = this.pc.onconnectionstatechange = this.pc.ontrack = null;
    this.pc.close();
    this.#rejectReady(new RoomError('media-connection-failed', 'The media connection was closed.'));
  }

  /** Makes the offer; gathering begins at once, candidates wait until the answer is there (protocol §4.1). */
  protected async createOffer(): Promise<string> {
    const offer = await this.pc.createOffer();
    if (this.#closed) throw new RoomError('media-connection-failed', 'The media connection was closed.');
    await this.pc.setLocalDescription(offer);
    return offer.sdp!;
  }

  /** The answer is in force. */
  protected answered(): void {}

  protected sendOffer(streamId: StreamId, sdp: string): void {
    if (this.#closed) return;
    this.#streamId = streamId;
    this.#send({ type: 'offer', sdp });
  }

  #send(msg: object): void {
    this.context.signalling
      .request('signaling_message', { streamId: this.#streamId, msg }, null)
      .catch((error: unknown) => {
        // An offer that the server turns down leaves nothing to wait for.
        if ((msg as { type: string }).type === 'offer') this.#fail(RoomError.from(error).message);
      });
  }

  /** Candidates of either side wait until the answer is in force. */
  async #applyAnswer(sdp: string): Promise<void> {
    if (this.#hasAnswer) return;
    this.#hasAnswer = true;
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp });
    } catch (error) {
      if (!this.#closed) this.#fail(`The server's answer does not fit: ${RoomError.from(error).message}`);
      return;
    }
    this.#isAnswered = true;
    this.answered();
    for (const candidate of this.#candidates.splice(0)) this.#sendCandidate(candidate);
    if (this.#gatheringDone) this.#sendEnd();
    for (const candidate of this.#remoteCandidates.splice(0)) this.#addCandidate(candidate);
  }

  #receivedCandidate(candidate: { candidate: string } | string): void {
    const line = candidateLine(candidate)?.replace(/^a=/, '');
    if (!line?.startsWith('candidate:')) return;
    if (this.#isAnswered) this.#addCandidate(line);
    else if (this.#remoteCandidates.length < MAX_EARLY_CANDIDATES) this.#remoteCandidates.push(line);
  }

  #addCandidate(candidate: string): void {
    // Everything is bundled into the first section, whatever name the other side gave it.
    this.pc.addIceCandidate({ candidate, sdpMLineIndex: 0 }).catch(() => {
      // One unusable candidate is no reason to give up the others.
    });
  }

  #gathered(candidate: RTCIceCandidate | null): void {
    if (!candidate || candidate.candidate === '') {
      if (this.#gatheringDone) return;
      this.#gatheringDone = true;
      if (this.#isAnswered) this.#sendEnd();
    } else if (this.#isAnswered) this.#sendCandidate(candidate);
    else this.#candidates.push(candidate);
  }

  #sendCandidate({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): void {
    this.#send({ type: 'candidate', candidate: { sdpMLineIndex, sdpMid, candidate: `a=${candidate}` } });
  }

  #sendEnd(): void {
    this.#send({ type: 'candidate', candidate: { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' } });
  }

  #setReady(): void {
    if (this.#closed || this.#isReady) return;
    this.#isReady = true;
    this.#stopTimers();
    this.#resolveReady();
  }

  #stopTimers(): void {
    for (const timer of [this.#timer, this.#graceTimer]) {
      if (timer !== undefined) this.context.environment.clearTimeout(timer);
    }
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    const { onfailed } = this;
    this.#rejectReady(new RoomError('media-connection-failed', reason));
    this.close();
    onfailed?.();
  }
}

/** The candidate of a message, which is an object or the JSON of one (protocol §4.1). */
function candidateLine(candidate: { candidate: string } | string): string | undefined {
  if (typeof candidate !== 'string') return candidate.candidate;
  try {
    const line = (JSON.parse(candidate) as { candidate?: unknown } | null)?.candidate;
    return typeof line === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}

/**
 * VP8 and nothing else, as the protocol wants (§4.6). Firefox leaves stray feedback lines behind when codecs are
 * filtered, so there VP8 is only moved to the front.
 */
export function preferVp8(transceiver: RTCRtpTransceiver, userAgent: string): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const isVp8 = ({ mimeType }: { mimeType: string }): boolean => mimeType.toLowerCase() === 'video/vp8';
  const vp8 = codecs.filter(isVp8);
  if (vp8.length === 0 || !('setCodecPreferences' in transceiver)) return;
  const isFirefox = /firefox/i.test(userAgent);
  transceiver.setCodecPreferences(isFirefox ? [...vp8, ...codecs.filter((codec) => !isVp8(codec))] : vp8);
}
