/** What a call needs only when somebody asks for it. */
import '../dialog/enx-dialog.js';
import '../internal/panel.js';
import '../internal/strings-panels.js';
import '../menu/enx-menu.js';
import './enx-reactions.js';
import './enx-time-left.js';
export { captureFrame, captureName, captureStream, download } from '../player/capture.js';
export { callControls, SmallWindow } from '../player/small-window.js';
export { renderShortcutHelp } from './shortcut-help.js';
export { toolbarMenu } from '../toolbar/toolbar-menus.js';
