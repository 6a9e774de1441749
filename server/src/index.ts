/** `enx-room-server` as a library: the same server that the command line starts. */
export { createServer, type EmbedOptions, type RoomServer } from './create-server.js';
export { ConfigError, type ServerOptions } from './config.js';
