/** Entry of the classic script: defines the elements and leaves no global name behind. */
import './index.js';
