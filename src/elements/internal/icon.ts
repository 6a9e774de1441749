import { noChange } from 'lit';
import { directive, Directive } from 'lit/directive.js';

/** An icon as the Lucide set publishes it: one entry per SVG child. */
export type IconNode = [tag: string, attributes: Record<string, string | number>][];

const SVG = 'http://www.w3.org/2000/svg';

function build(node: IconNode): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const frame = {
    viewBox: '0 0 24 24',
    width: '1em',
    height: '1em',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.9',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    focusable: 'false',
  };
  for (const [name, value] of Object.entries(frame)) svg.setAttribute(name, value);
  for (const [tag, attributes] of node) {
    const child = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, String(value));
    svg.append(child);
  }
  return svg;
}

class IconDirective extends Directive {
  #shown: IconNode | undefined;

  render(node: IconNode): unknown {
    if (node === this.#shown) return noChange;
    this.#shown = node;
    return build(node);
  }
}

/** Shows an icon, sized by the font and coloured by the text. Decorative: the control beside it has the name. */
export const icon = directive(IconDirective);
