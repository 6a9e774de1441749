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
  'socket.io-parser/build/esm/index.js': ['encodeAsBinary'],
};

/** File → methods that are called, and what is left of them to do. */
const reduced = {
  // Nothing is sent again, and nobody listens to what is sent.
  'socket.io-client/build/esm/socket.js': { _drainQueue: '', notifyOutgoingListeners: '' },
  // How long to wait before an attempt to come back is not its business.
  'socket.io-client/build/esm/manager.js': {
    maybeReconnectOnOpen: '',
    reconnectionAttempts: '',
    reconnectionDelay: '',
    reconnectionDelayMax: '',
    randomizationFactor: '',
  },
  'engine.io-client/build/esm/socket.js': {
    // There is no other transport to change to.
    _probe: '',
    // Only polling has to mind how much goes into one request.
    _getWritablePackets: 'return this.writeBuffer;',
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
  // WebSocket carries bytes as they are.
  'engine.io-parser/build/esm/contrib/base64-arraybuffer.js': 'export const decode = () => undefined;',
};

/** Other transports set something up for themselves when they are loaded. */
const otherTransport = /engine\.io-client\/build\/esm\/transports\/(?!websocket\.js)/;

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
    if (Object.hasOwn(replaced, name)) return { code: replaced[name], map: { mappings: '' } };
    if (name in removed || name in reduced)
      return { code: withoutMethods(code, this.parse(code), name), map: null };
    return otherTransport.test(name) ? { code, map: null, moduleSideEffects: false } : null;
  },
};
