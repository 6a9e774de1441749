/**
 * Bundles what tsc compiled into build/: the browser package as ES modules and as one classic script, and the server
 * as three files. Types come straight from tsc.
 */
import { readdirSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { classicParts, fetchParts } from './scripts/classic-parts.mjs';
import { slimSocketIo } from './scripts/slim-socket-io.mjs';
import { oneDecorateHelper, trimTemplates } from './scripts/trim-templates.mjs';

/** Leaves packages to whoever installs ours; single icons are taken in. */
const isPackage = (id) =>
  !id.startsWith('lucide/') && !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id);

/** Languages stay files of their own beside the script: whoever speaks English never fetches one. */
const languageFile = /[\\/]i18n[\\/]lang[\\/](\w+)\.js$/;
const languagePath = (id) => {
  const [, language] = languageFile.exec(id) ?? [];
  return language ? `./lang/${language}.js` : id;
};
const languages = readdirSync('build/src/elements/i18n/lang').flatMap(
  (file) => /^\w+(?=\.js$)/.exec(file) ?? [],
);

/**
 * Where a part begins; what it needs besides comes with the first of these that needs it. Order tells what is there
 * before what: see src/elements/internal/parts.ts.
 */
const elements = (...names) => names.map((name) => `build/src/elements/${name}.js`);
const parts = (entry) => ({
  core: [
    entry,
    'lit/directives/live.js',
    ...elements('player/enx-player'),
    ...elements(
      'i18n/quiet-element',
      'internal/changed-in',
      'internal/devices',
      'internal/requests',
      'internal/roving',
    ),
  ],
  call: [
    ...elements('room/call-parts', 'stage/layout', 'toolbar/toolbar-items'),
    'build/src/engine/call.js',
    'lit/directives/repeat.js',
  ],
  seldom: ['build/src/engine/seldom.js'],
  fields: elements(
    'sound/device-check',
    'internal/form',
    'internal/device-row',
    'sound/enx-level',
    'sound/enx-speaker-test',
  ),
  extras: ['lit/directives/guard.js', ...elements('internal/icons-panels', 'room/extra-parts')],
  prejoin: elements('prejoin/enx-prejoin'),
  chat: elements('chat/enx-chat'),
  people: elements('people/enx-people'),
  settings: elements('settings/enx-settings'),
});

const minify = (module) =>
  terser({
    ecma: 2022,
    module,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    // The first line names what is inside.
    format: { comments: /^!/ },
  });

const selfContained = [
  nodeResolve({ browser: true, exportConditions: ['browser', 'production'], ignoreSideEffectsForRoot: true }),
  slimSocketIo,
  trimTemplates,
  oneDecorateHelper,
];

const banner =
  '/*! enx-room, MIT. Contains lit (BSD-3-Clause), socket.io-client (MIT), Lucide icons (ISC): see THIRD-PARTY.md */';

const browser = [
  {
    input: {
      index: 'build/src/index.js',
      engine: 'build/src/engine/index.js',
      protocol: 'build/src/protocol/index.js',
    },
    external: (id) => isPackage(id) || languageFile.test(id),
    plugins: [nodeResolve({ browser: true, ignoreSideEffectsForRoot: true })],
    output: {
      dir: 'dist',
      format: 'es',
      sourcemap: true,
      // Language files are found from the place of the file that imports them.
      chunkFileNames: '[name]-[hash].js',
      paths: languagePath,
    },
  },
  {
    input: Object.fromEntries(languages.map((name) => [name, `build/src/elements/i18n/lang/${name}.js`])),
    plugins: [minify(true)],
    output: { dir: 'dist/lang', format: 'es', chunkFileNames: 'none-[hash].js' },
  },
  {
    // The classic script, with its parts beside it.
    input: 'build/src/script.js',
    external: (id) => languageFile.test(id),
    // What several parts need stands in the script, so that a part is one request.
    preserveEntrySignatures: 'allow-extension',
    plugins: [...selfContained, fetchParts, minify()],
    output: {
      ...classicParts({ script: 'enx-room.min.js', banner }),
      manualChunks: parts('build/src/script.js'),
      paths: languagePath,
      sourcemap: true,
    },
  },
  {
    // The same in one file, for pages that can carry only one.
    input: 'build/src/script.js',
    external: (id) => languageFile.test(id),
    plugins: [...selfContained, minify(false)],
    output: {
      paths: languagePath,
      file: 'dist/enx-room.all.min.js',
      banner,
      format: 'iife',
      sourcemap: true,
      inlineDynamicImports: true,
    },
  },
  {
    // The same room in files that are fetched when they are needed: `<script type="module">`.
    input: { 'enx-room': 'build/src/elements/room/enx-room.js' },
    external: (id) => languageFile.test(id),
    plugins: [...selfContained, minify(true)],
    output: {
      dir: 'dist/module',
      format: 'es',
      banner,
      sourcemap: true,
      chunkFileNames: '[name]-[hash].js',
      manualChunks: parts('build/src/elements/room/enx-room.js'),
      paths: (id) => languagePath(id).replace('./lang/', '../lang/'),
    },
  },
  {
    // The engine alone, for pages without a bundler.
    input: 'build/src/engine/index.js',
    plugins: [...selfContained, minify(true)],
    output: { file: 'dist/engine.min.js', banner, format: 'es', sourcemap: true, inlineDynamicImports: true },
  },
];

const server = {
  input: {
    index: 'build/server/server/src/index.js',
    main: 'build/server/server/src/main.js',
    'media-worker': 'build/server/server/src/media/media-worker.js',
  },
  external: isPackage,
  // Flat: the files find each other, and the worker, by their own place.
  output: { dir: 'server/dist', format: 'es', sourcemap: true, chunkFileNames: 'shared-[hash].js' },
};

export default ({ configTarget }) => (configTarget === 'server' ? [server] : [...browser, server]);
