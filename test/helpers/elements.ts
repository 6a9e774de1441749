/** Elements under a hand-written RoomState, without any engine. */
import { ContextProvider } from '@lit/context';
import { loadPart } from '../../src/elements/internal/parts.js';
import { defaultPreferences, type Preferences } from '../../src/elements/internal/preferences.js';
import { fixture, html } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import { defaultOptions, type PlayerConfiguration } from '../../src/engine/options.js';
import {
  initialRoomState,
  type ParticipantState,
  type RoomState,
  type TalkerState,
} from '../../src/engine/room-state.js';
import {
  levelContext,
  type LevelReader,
  localMutesContext,
  type LocalMutes,
  playerConfigurationContext,
  preferencesContext,
  qualitiesContext,
  type Qualities,
  roomStateContext,
} from '../../src/elements/internal/contexts.js';

export const roomState = (changes: Partial<RoomState> = {}): RoomState =>
  Object.freeze({ ...initialRoomState, ...changes });

export const person = (clientId: string, changes: Partial<ParticipantState> = {}): ParticipantState =>
  Object.freeze({
    clientId,
    name: clientId,
    role: 'participant',
    isSelf: false,
    audioMuted: false,
    videoMuted: false,
    audioHardMuted: false,
    videoHardMuted: false,
    ...changes,
  });

export const talker = (slot: number, clientId: string, changes: Partial<TalkerState> = {}): TalkerState =>
  Object.freeze({
    slot,
    clientId,
    name: clientId,
    audio: true,
    video: false,
    talking: false,
    pinned: false,
    spotlighted: false,
    lowBandwidth: false,
    stream: undefined,
    ...changes,
  });

export interface RoomFixture {
  wrapper: HTMLElement;
  setState(state: RoomState): Promise<void>;
  setPlayerConfiguration(configuration: PlayerConfiguration): Promise<void>;
  setPreferences(preferences: Preferences): Promise<void>;
  setLocalMutes(mutes: LocalMutes): Promise<void>;
  setQualities(qualities: Qualities): Promise<void>;
}

/** Renders a template where the room's contexts are provided. */
export async function roomFixture(
  state: RoomState,
  template: TemplateResult,
  { level = () => 0, size = '640px' }: { level?: LevelReader; size?: string } = {},
): Promise<RoomFixture> {
  await loadPart('extras');
  const parent = document.createElement('div');
  parent.style.cssText = `position:relative;width:${size};height:480px;container-type:size`;
  const states = new ContextProvider(parent, { context: roomStateContext, initialValue: state });
  const configurations = new ContextProvider(parent, {
    context: playerConfigurationContext,
    initialValue: defaultOptions().playerConfiguration,
  });
  const preferences = new ContextProvider(parent, {
    context: preferencesContext,
    initialValue: defaultPreferences,
  });
  const mutes = new ContextProvider(parent, {
    context: localMutesContext,
    initialValue: { audio: [], video: [] },
  });
  const qualities = new ContextProvider(parent, {
    context: qualitiesContext,
    initialValue: new Map() as Qualities,
  });
  new ContextProvider(parent, { context: levelContext, initialValue: level });
  const wrapper = await fixture<HTMLElement>(html`<div style="display:contents">${template}</div>`, {
    parentNode: parent,
  });
  const settled = async (): Promise<void> => {
    const settle = async (scope: ParentNode): Promise<void> => {
      for (const element of scope.querySelectorAll('*')) {
        await (element as { updateComplete?: Promise<unknown> }).updateComplete;
        if (element.shadowRoot) await settle(element.shadowRoot);
      }
    };
    await settle(parent);
  };
  await settled();
  return {
    wrapper,
    setState: async (next) => {
      states.setValue(next);
      await settled();
    },
    setPreferences: async (next) => {
      preferences.setValue(next);
      await settled();
    },
    setLocalMutes: async (next) => {
      mutes.setValue(next);
      await settled();
    },
    setQualities: async (next) => {
      qualities.setValue(next);
      await settled();
    },
    setPlayerConfiguration: async (next) => {
      configurations.setValue(next);
      await settled();
    },
  };
}

/** The next event of this name. */
export const nextEvent = <T = unknown>(target: EventTarget, name: string): Promise<CustomEvent<T>> =>
  new Promise((resolve) =>
    target.addEventListener(name, (event) => resolve(event as CustomEvent<T>), { once: true }),
  );

/** Events of these names, in order, as they come. */
export function recordEvents(
  target: EventTarget,
  names: readonly string[],
): { name: string; detail: unknown }[] {
  const events: { name: string; detail: unknown }[] = [];
  for (const name of names) {
    target.addEventListener(name, (event) => events.push({ name, detail: (event as CustomEvent).detail }));
  }
  return events;
}

/** One camera-less video track, from a canvas. */
export function canvasStream(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
  const context = canvas.getContext('2d')!;
  let hue = 0;
  const draw = (): void => {
    context.fillStyle = `hsl(${(hue += 20)} 80% 50%)`;
    context.fillRect(0, 0, 64, 48);
    if (canvas.isConnected || hue < 4000) setTimeout(draw, 50);
  };
  draw();
  return canvas.captureStream(20);
}

/** Shadow-piercing query: each selector is looked up in the shadow root of what the one before found. */
export function deep<T extends Element = HTMLElement>(from: ParentNode, ...selectors: string[]): T {
  let scope: ParentNode = from;
  let found: Element | null = null;
  for (const selector of selectors) {
    found = scope.querySelector(selector);
    if (!found) throw new Error(`${selector} was not found`);
    scope = found.shadowRoot ?? found;
  }
  return found as T;
}
