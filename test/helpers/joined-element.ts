/** `<enx-room>` in a real page with the browser's own devices; only the network is scripted. */
import type { EnxRoom } from '../../src/index.js';
import { browserEnvironment } from '../../src/engine/browser-environment.js';
import { encodeToken } from '../../src/protocol/index.js';
import { FakePeerConnection } from './fake-peer-connection.js';
import { ScriptedServer } from './scripted-server.js';

// The scripted server lets each message travel in a task of its own, with what Node has for that.
const page = globalThis as { setImmediate?: unknown };
page.setImmediate ??= (run: () => void) => setTimeout(run);

export const scriptedToken = (): string =>
  encodeToken({
    host: 'rooms.example',
    tokenId: 'token-1',
    signature: 'signed',
    roomMeta: { settings: { quality: 'SD' } },
  });

/** Without a network, but with tracks that a page can put into streams. */
class PagePeerConnection extends FakePeerConnection {
  /** Sizes of the picture that were offered, whatever was taken of them. */
  layers = 0;

  constructor(
    configuration: RTCConfiguration,
    number: number,
    private readonly tracks: RTCPeerConnection,
  ) {
    super(configuration, number);
  }

  override addTransceiver(
    ...[trackOrKind, init]: Parameters<FakePeerConnection['addTransceiver']>
  ): ReturnType<FakePeerConnection['addTransceiver']> {
    const transceiver = super.addTransceiver(trackOrKind, init);
    this.layers = Math.max(this.layers, init.sendEncodings?.length ?? 0);
    const { track } = this.tracks.addTransceiver(transceiver.kind).receiver;
    (transceiver.receiver as { track: unknown }).track = track;
    return transceiver;
  }
}

export interface ScriptedPage {
  server: ScriptedServer;
  peerConnections: PagePeerConnection[];
  /** The newest peer connection of this role. */
  pc(role: 'publisher' | 'subscriber' | 'data'): PagePeerConnection | undefined;
  /** What the page asked `getUserMedia` for. */
  asked: MediaStreamConstraints[];
  /** An element that is not in the document yet. */
  element(attributes?: Record<string, string>): EnxRoom;
  /** One that is, joined, and with nothing under way any more. */
  joined(attributes?: Record<string, string>, prepare?: (room: EnxRoom) => void): Promise<EnxRoom>;
  /** Takes every element out and gives the page its network back. */
  close(): Promise<void>;
}

export function scriptedPage(): ScriptedPage {
  const server = new ScriptedServer();
  const peerConnections: PagePeerConnection[] = [];
  const asked: MediaStreamConstraints[] = [];
  const answers: Promise<unknown>[] = [];
  const elements: EnxRoom[] = [];
  const tracks = new RTCPeerConnection();
  const { connectSocket, createPeerConnection } = browserEnvironment;
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  browserEnvironment.connectSocket = server.connect;
  browserEnvironment.createPeerConnection = (configuration) => {
    const pc = new PagePeerConnection(configuration, peerConnections.length + 1, tracks);
    peerConnections.push(pc);
    return pc as unknown as RTCPeerConnection;
  };
  devices.getUserMedia = (constraints) => {
    asked.push(constraints ?? {});
    const answer = getUserMedia(constraints);
    answers.push(answer);
    return answer;
  };
  const element: ScriptedPage['element'] = (attributes = {}) => {
    const room = document.createElement('enx-room');
    for (const [name, value] of Object.entries(attributes)) room.setAttribute(name, value);
    elements.push(room);
    return room;
  };
  return {
    server,
    peerConnections,
    asked,
    element,
    pc: (role) => peerConnections.findLast((candidate) => candidate.role === role),
    joined: async (attributes, prepare) => {
      const room = element({
        token: scriptedToken(),
        'join-mode': 'manual',
        style: 'height: 560px',
        ...attributes,
      });
      prepare?.(room);
      document.body.append(room);
      await room.join();
      // The page's devices are real ones, and take the time they take.
      await Promise.allSettled(answers);
      await server.settled();
      await room.updateComplete;
      return room;
    },
    close: async () => {
      await Promise.all(elements.map((room) => room.room.disconnect().catch(() => {})));
      for (const room of elements) room.remove();
      tracks.close();
      devices.getUserMedia = getUserMedia;
      Object.assign(browserEnvironment, { connectSocket, createPeerConnection });
    },
  };
}
