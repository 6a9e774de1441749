import { FakeTrack } from './fake-media.js';

interface FakeSender {
  track: FakeTrack | null;
  replaceTrack(track: FakeTrack | null): Promise<void>;
  getStats(): Promise<Map<string, object>>;
  getParameters(): { encodings: RTCRtpEncodingParameters[] };
  setParameters(parameters: { encodings: RTCRtpEncodingParameters[] }): Promise<void>;
}

interface FakeTransceiver {
  kind: 'audio' | 'video';
  direction: string;
  sendEncodings: RTCRtpEncodingParameters[] | undefined;
  codecs: string[] | undefined;
  sender: FakeSender;
  receiver: {
    track: FakeTrack;
    /** Loudness of the last packet. */
    level: number | undefined;
    getSynchronizationSources(): { timestamp: number; audioLevel: number }[];
  };
  setCodecPreferences(codecs: { mimeType: string }[]): void;
}

/** A negotiated channel; the test opens it. */
export class FakeDataChannel {
  readyState: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly sent: string[] = [];
  /** Larger texts are refused, as browsers do. */
  maxLength = Infinity;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(
    readonly label: string,
    readonly options: RTCDataChannelInit,
  ) {}

  send(text: string): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (text.length > this.maxLength) throw new TypeError('too large');
    this.sent.push(text);
  }

  open(): void {
    this.readyState = 'open';
    this.onopen?.();
  }

  receive(data: unknown): void {
    this.onmessage?.({ data });
  }
}

export interface FakeCandidate {
  candidate: string;
  sdpMid: string;
  sdpMLineIndex: number;
}

/** An RTCPeerConnection without a network: keeps what it is told, and the operations in order as browsers do. */
export class FakePeerConnection {
  static readonly gathered: readonly FakeCandidate[] = [
    { candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host', sdpMid: '0', sdpMLineIndex: 0 },
    { candidate: 'candidate:2 1 udp 1686052607 203.0.113.1 50001 typ srflx', sdpMid: '0', sdpMLineIndex: 0 },
  ];

  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { type: string; sdp?: string } | null = null;
  remoteDescription: { type: string; sdp?: string } | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  /** Candidates of the other side that were taken. */
  readonly remoteCandidates: RTCIceCandidateInit[] = [];
  channel: FakeDataChannel | undefined;
  /** What `setRemoteDescription` rejects with. */
  answerError: Error | undefined;
  /** Tells the candidates by itself once the offer is set; otherwise the test does. */
  gathersAtOnce = true;
  /** Loudness of the microphone as `getStats` tells it. */
  microphoneLevel = 0;
  /** More layers than this are refused, as by browsers without simulcast. */
  maxLayers = 3;

  onicecandidate: ((event: { candidate: FakeCandidate | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: (() => void) | null = null;

  #operations: Promise<unknown> = Promise.resolve();
  #gate: Promise<void> | undefined;
  #openGate: (() => void) | undefined;

  constructor(
    readonly configuration: RTCConfiguration,
    readonly number: number,
  ) {}

  get closed(): boolean {
    return this.connectionState === 'closed';
  }

  /** What the engine uses it for. */
  get role(): 'publisher' | 'subscriber' | 'data' | undefined {
    if (this.channel) return 'data';
    const direction = this.transceivers[0]?.direction;
    if (direction === undefined) return undefined;
    return direction === 'sendonly' ? 'publisher' : 'subscriber';
  }

  sender(kind: 'audio' | 'video'): FakeSender | undefined {
    return this.transceivers.find((transceiver) => transceiver.kind === kind)?.sender;
  }

  addTransceiver(
    trackOrKind: FakeTrack | 'audio' | 'video',
    init: { direction: string; sendEncodings?: RTCRtpEncodingParameters[] },
  ): FakeTransceiver {
    if ((init.sendEncodings?.length ?? 0) > this.maxLayers) throw new TypeError('too many encodings');
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const transceiver: FakeTransceiver = {
      kind,
      direction: init.direction,
      sendEncodings: init.sendEncodings,
      codecs: undefined,
      sender: {
        track,
        replaceTrack: async (other) => void (transceiver.sender.track = other),
        getStats: async () =>
          new Map([
            ['codec', { type: 'codec' }],
            ['source', { type: 'media-source', audioLevel: this.microphoneLevel }],
          ]),
        getParameters: () => {
          const encodings = structuredClone(transceiver.sendEncodings ?? []);
          // What the answer does not accept is gone but for the first (RFC 8829 §5.10).
          const refused = this.remoteDescription && !this.remoteDescription.sdp?.includes('a=simulcast:');
          return { encodings: refused ? encodings.slice(0, 1) : encodings };
        },
        setParameters: async ({ encodings }) => void (transceiver.sendEncodings = encodings),
      },
      receiver: {
        track: new FakeTrack(kind),
        level: undefined,
        getSynchronizationSources: () =>
          transceiver.receiver.level === undefined
            ? []
            : [{ timestamp: Date.now(), audioLevel: transceiver.receiver.level }],
      },
      setCodecPreferences: (codecs) => {
        transceiver.codecs = codecs.map(({ mimeType }) => mimeType);
      },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  createDataChannel(label: string, options: RTCDataChannelInit): FakeDataChannel {
    this.channel = new FakeDataChannel(label, options);
    return this.channel;
  }

  createOffer(): Promise<{ type: 'offer'; sdp: string }> {
    return this.#operate(() => ({ type: 'offer' as const, sdp: `v=0\r\no=fake ${this.number}\r\n` }));
  }

  setLocalDescription(description: { type: string; sdp?: string }): Promise<void> {
    return this.#operate(() => {
      this.localDescription = description;
      if (!this.gathersAtOnce) return;
      queueMicrotask(() => {
        for (const candidate of FakePeerConnection.gathered) this.gather(candidate);
        this.gather(null);
      });
    });
  }

  setRemoteDescription(description: { type: string; sdp?: string }): Promise<void> {
    return this.#operate(async () => {
      await this.#gate;
      if (this.answerError) throw this.answerError;
      this.remoteDescription = description;
    });
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#operate(() => {
      if (!this.remoteDescription) throw new DOMException('no description yet', 'InvalidStateError');
      this.remoteCandidates.push(candidate);
    });
  }

  getStats(): Promise<Map<string, object>> {
    return Promise.resolve(new Map());
  }

  close(): void {
    this.connectionState = 'closed';
    if (this.channel) this.channel.readyState = 'closed';
  }

  // ── what the test makes happen ──────────────────────────────────────────────────────────────────────────────

  gather(candidate: FakeCandidate | null): void {
    this.onicecandidate?.({ candidate });
  }

  /** Applying an answer takes until {@link finishAnswer}. */
  holdAnswer(): void {
    this.#gate = new Promise((resolve) => (this.#openGate = resolve));
  }

  finishAnswer(): void {
    this.#openGate?.();
  }

  /** The media path is up. */
  connect(): void {
    this.connectionState = 'connected';
    this.onconnectionstatechange?.();
  }

  /** Nothing comes any more; it may yet. */
  disturb(): void {
    this.connectionState = 'disconnected';
    this.onconnectionstatechange?.();
  }

  /** The media path breaks. */
  fail(): void {
    this.connectionState = 'failed';
    this.onconnectionstatechange?.();
  }

  /** Operations wait for each other (WebRTC §4.4.1.2). */
  #operate<T>(run: () => T | Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new DOMException('closed', 'InvalidStateError'));
    const result = this.#operations.then(run);
    this.#operations = result.catch(() => {});
    return result;
  }
}
