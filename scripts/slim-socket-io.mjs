/**
 * Takes out of Socket.IO's client what a room never uses, and what bundlers cannot leave out by themselves: transports
 * that are only named in a list, and methods of classes. A room uses WebSocket alone (protocol §2.2), opens one
 * connection for one purpose, reconnects by itself, and sends no binary messages.
 *
 * What is named here has to be there: a new version that has changed fails the build.
 */

/** File → methods that nobody calls. */
const removed = {
  'socket.io-client/build/esm/socket.js': [
    ...['send', 'emitWithAck', '_addToQueue', 'compress', 'volatile', 'timeout', 'disconnected'],
    ...['prependAny', 'listenersAny'],
    ...['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'],
  ],
  'socket.io-client/build/esm/manager.js': ['connect', 'disconnect', 'reconnect', 'onreconnect'],
  'socket.io-parser/build/esm/index.js': ['encodeAsBinary', 'takeBinaryData', 'finishedReconstruction'],
  'engine.io-client/build/esm/transport.js': ['pause'],
};

/** File → methods that are called, and what is left of them to do. */
const reduced = {
  // Nothing is sent again, and nobody listens to what is sent.
  'socket.io-client/build/esm/socket.js': {
    _drainQueue: '',
    notifyOutgoingListeners: '',
    _registerAckCallback: 'this.acks[id] = ack;',
    // Nothing is volatile, compressed or tried again, and no event of ours has a reserved name.
    emit: `args.unshift(ev);
      const packet = { type: PacketType.EVENT, data: args };
      if ("function" === typeof args[args.length - 1]) {
        packet.id = this.ids++;
        this._registerAckCallback(packet.id, args.pop());
      }
      if (this.connected && !this.io.engine?._hasPingExpired()) this.packet(packet);
      else this.sendBuffer.push(packet);
      return this;`,
    _clearAcks: 'this.acks = {};',
  },
  // A frame of bytes has nothing to say; an event with attachments is read without them.
  'socket.io-parser/build/esm/index.js': {
    add: 'if (typeof obj === "string") super.emitReserved("decoded", this.decodeString(obj));',
    destroy: '',
    decodeString: `const parts = /^([0-6])(?:\\d+-)?(?:(\\/[^,]*),?)?(\\d*)([^]*)$/.exec(str);
      if (!parts) throw new Error("unknown packet type");
      const [, type, nsp, id, json] = parts;
      const p = { type: Number(type), nsp: nsp || "/" };
      if (id) p.id = Number(id);
      if (json) {
        p.data = this.tryParse(json);
        if (!Decoder.isPayloadValid(p.type, p.data)) throw new Error("invalid payload");
      }
      return p;`,
  },
  'engine.io-client/build/esm/transports/websocket.js': {
    // Browsers take an address and the names of protocols, and no more.
    doOpen: `try {
        this.ws = this.createSocket(this.uri(), this.opts.protocols);
      } catch (err) {
        return this.emitReserved("error", err);
      }
      this.ws.binaryType = this.socket.binaryType;
      this.addEventListeners();`,
    createSocket: 'return protocols ? new WebSocketCtor(uri, protocols) : new WebSocketCtor(uri);',
  },
  // How long to wait before an attempt to come back is not its business.
  'socket.io-client/build/esm/manager.js': {
    maybeReconnectOnOpen: '',
    reconnectionAttempts: '',
    reconnectionDelay: '',
    reconnectionDelayMax: '',
    randomizationFactor: '',
  },
  'engine.io-client/build/esm/socket.js': {
    // An address, one transport and the options of a room: none of the many other ways to begin.
    constructor: `super();
      this.binaryType = defaultBinaryType;
      this.writeBuffer = [];
      this._prevBufferLen = 0;
      this._upgrades = [];
      this._pingTimeoutTime = Infinity;
      const { protocol, host, port } = parse(uri);
      this.hostname = host;
      this.secure = protocol === "https" || protocol === "wss";
      this.port = port || (this.secure ? "443" : "80");
      installTimerFunctions(this, opts);
      this.transports = opts.transports;
      this._transportsByName = DEFAULT_TRANSPORTS;
      this.opts = { upgrade: true, transportOptions: {}, ...opts };
      this.opts.path = this.opts.path.replace(/\\/?$/, "/");
      if (withEventListeners && host !== "localhost") {
        this._offlineEventListener = () => {
          this._onClose("transport close", { description: "network connection lost" });
        };
        OFFLINE_EVENT_LISTENERS.push(this._offlineEventListener);
      }
      this._open();`,
    // There is no other transport to change to.
    _probe: '',
    // Only polling has to mind how much goes into one request.
    _getWritablePackets: 'return this.writeBuffer;',
    _filterUpgrades: 'return [];',
    close: `const close = () => {
        this._onClose("forced close");
        this.transport.close();
      };
      if ("opening" === this.readyState || "open" === this.readyState) {
        this.readyState = "closing";
        if (this.writeBuffer.length) this.once("drain", close);
        else close();
      }
      return this;`,
  },
};

/** File → what it exports instead. */
const replaced = {
  // Connections are not shared between sockets.
  'socket.io-client/build/esm/index.js': 'export { Manager } from "./manager.js";',
  'engine.io-client/build/esm/transports/index.js':
    'import { WS } from "./websocket.js"; export const transports = { websocket: WS };',
  'socket.io-client/build/esm/contrib/backo2.js': 'export class Backoff { reset() {} }',
  // Browsers can do it.
  'engine.io-client/build/esm/contrib/parseuri.js': `export function parse(uri) {
    const { protocol, hostname, port, search } = new URL(uri);
    return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ""), port, query: search.slice(1) };
  }`,
  'socket.io-parser/build/esm/is-binary.js':
    'export const isBinary = () => false; export const hasBinary = () => false;',
  // What is sent is text.
  'engine.io-parser/build/esm/encodePacket.browser.js': `import { PACKET_TYPES } from "./commons.js";
  export const encodePacket = ({ type, data }, _, callback) => callback(PACKET_TYPES[type] + (data || ""));
  export const encodePacketToBinary = () => {};`,
  'engine.io-client/build/esm/contrib/parseqs.js': `export const encode = (query) => String(new URLSearchParams(query));
  export const decode = (query) => Object.fromEntries(new URLSearchParams(query));`,
  // What comes as bytes stays as it is, and is read by nobody.
  'engine.io-parser/build/esm/decodePacket.browser.js': `import { ERROR_PACKET, PACKET_TYPES_REVERSE } from "./commons.js";
  export const decodePacket = (data) => {
    if (typeof data !== "string") return { type: "message", data };
    const type = PACKET_TYPES_REVERSE[data[0]];
    return type ? { type, data: data.slice(1) } : ERROR_PACKET;
  };`,
  // The same in the language of today.
  '@socket.io/component-emitter/lib/esm/index.js': `export class Emitter {
    on(event, listener) {
      this._callbacks ??= {};
      (this._callbacks[event] ??= []).push(listener);
      return this;
    }
    once(event, listener) {
      const once = (...args) => {
        this.off(event, once);
        listener.apply(this, args);
      };
      once.fn = listener;
      return this.on(event, once);
    }
    off(event, listener) {
      if (event === undefined) this._callbacks = {};
      else if (this._callbacks)
        this._callbacks[event] = listener
          ? this.listeners(event).filter((known) => known !== listener && known.fn !== listener)
          : [];
      return this;
    }
    removeAllListeners(event) {
      return this.off(event);
    }
    emit(event, ...args) {
      for (const listener of [...this.listeners(event)]) listener.apply(this, args);
      return this;
    }
    emitReserved(event, ...args) {
      return Emitter.prototype.emit.call(this, event, ...args);
    }
    listeners(event) {
      return this._callbacks?.[event] ?? [];
    }
    hasListeners(event) {
      return this.listeners(event).length > 0;
    }
  }`,
};

/** Names that only the packages among themselves know, and that minifiers have to leave as they are. */
const inner = [
  ...['_callbacks', 'emitReserved', 'setTimeoutFn', 'clearTimeoutFn', 'removeAllListeners', 'hasListeners'],
  ...['_anyListeners', '_autoConnect', '_close', '_destroy', '_packet', '_opts', '_pid', '_lastOffset'],
  ...['_readyState', '_reconnecting', '_reconnection', '_clearAcks', '_registerAckCallback'],
  ...[
    '_sendConnectPacket',
    'skipReconnect',
    'reconnectionAttempts',
    'receiveBuffer',
    'sendBuffer',
    'subEvents',
  ],
  ...['emitBuffered', 'emitEvent', 'onevent', 'onpacket', 'ondisconnect', 'onconnect', 'ondecoded', 'ondata'],
  ...['_prevBufferLen', '_upgrades', '_pingInterval', '_pingTimeout', '_maxPayload', '_pingTimeoutTime'],
  ...['_pingTimeoutTimer', '_transportsByName', '_beforeunloadEventListener', '_offlineEventListener'],
  ...['_cookieJar', '_open', '_onDrain', '_onPacket', '_onError', '_onClose', '_probe', '_sendPacket'],
  ...['_resetPingTimeout', '_getWritablePackets', '_hasPingExpired', '_filterUpgrades', 'writeBuffer'],
  ...[
    'priorWebsocketSuccess',
    'createTransport',
    'setTransport',
    'onHandshake',
    'supportsBinary',
    '_hostname',
  ],
  ...['_port', '_query', 'createUri', 'addEventListeners', 'createSocket', 'encodeAsString', 'decodeString'],
  ...['tryParse', 'isPayloadValid', 'backoff', 'decoder', 'encoder', 'upgrading'],
];
const innerNames = new RegExp(`(?<![\\w$])(?:${inner.join('|')})(?![\\w$])`, 'g');
const shortNames = new Map(inner.map((name, index) => [name, `$${index.toString(36)}`]));

const short = (code) => code.replace(innerNames, (long) => shortNames.get(long));

/** Other transports set something up for themselves when they are loaded. */
const otherTransport = /engine\.io-client\/build\/esm\/transports\/(?!websocket\.js)/;

const ofSocketIo = /^(?:@socket\.io\/component-emitter|(?:socket|engine)\.io-(?:client|parser))\//;

/** The file's name from its package on, as it is in the tables. */
const nameOf = (id) => id.replaceAll('\\', '/').split('node_modules/').at(-1);

function withoutMethods(code, ast, name) {
  const gone = new Set(removed[name]);
  const bodies = new Map(Object.entries(reduced[name] ?? {}));
  const cuts = [];
  const walk = (node) => {
    if (!node || typeof node !== 'object') return;
    if (node.type === 'MethodDefinition') {
      const method = node.key.name;
      if (gone.delete(method)) cuts.push({ start: node.start, end: node.end, rest: '' });
      else if (bodies.has(method)) {
        const { start, end } = node.value.body;
        cuts.push({ start: start + 1, end: end - 1, rest: bodies.get(method) });
        bodies.delete(method);
      }
      return;
    }
    for (const value of Object.values(node)) walk(value);
  };
  walk(ast);
  const missing = [...gone, ...bodies.keys()];
  if (missing.length > 0)
    throw new Error(`${name} has no method ${missing.join(', ')}: see scripts/slim-socket-io.mjs`);
  // Lines stay where they are, so that source maps stay right.
  return cuts.reduceRight(
    (text, { start, end, rest }) =>
      text.slice(0, start) + rest + text.slice(start, end).replace(/[^\n]+/g, '') + text.slice(end),
    code,
  );
}

/** Files of the tables that no build has met yet. */
const unmet = new Set([removed, reduced, replaced].flatMap((table) => Object.keys(table)));

export const slimSocketIo = {
  name: 'slim-socket-io',
  buildEnd(error) {
    if (!error && unmet.size > 0)
      this.error(`there is no ${[...unmet].join(', ')}: see scripts/slim-socket-io.mjs`);
  },
  transform(code, id) {
    const name = nameOf(id);
    unmet.delete(name);
    if (Object.hasOwn(replaced, name)) return { code: short(replaced[name]), map: { mappings: '' } };
    if (otherTransport.test(name)) return { code, map: null, moduleSideEffects: false };
    if (!ofSocketIo.test(name)) return null;
    const cut = name in removed || name in reduced ? withoutMethods(code, this.parse(code), name) : code;
    return { code: short(cut), map: null };
  },
};
