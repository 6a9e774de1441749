import { z } from 'zod';
import { whole } from '../config.js';
import { momentOf } from '../rooms/schedule.js';
import { DEFAULT_TALKER_SLOTS, MAX_TALKER_SLOTS } from '../../../src/protocol/index.js';

const flag = (standard: boolean) => z.boolean().default(standard);

/**
 * `settings` of a room (api-facts §6): published names, types, ranges and defaults.
 * Settings of services this server does not offer (recording, SIP, media zones …) are accepted and given back.
 */
export const roomSettings = z.object({
  mode: z.enum(['group', 'lecture']).default('group'),
  scheduled: flag(false),
  adhoc: flag(false),
  /** UTC, `YYYY-MM-DD HH:mm:ss`; of scheduled rooms, which open 15 minutes before and end `duration` after it. */
  scheduled_time: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'must be "YYYY-MM-DD HH:mm:ss" in UTC')
    .refine((time) => !Number.isNaN(momentOf(time)), 'must be a time that there is')
    .optional(),
  /** Minutes. */
  duration: whole(1, 10_080).optional(),
  moderators: whole(1, 5).default(1),
  /** People besides the moderators. */
  participants: whole(1, 5000).default(50),
  description: z.string().max(1000).optional(),
  billing_code: z.string().max(100).optional(),
  auto_recording: flag(false),
  screen_share: flag(true),
  canvas: flag(false),
  knock: flag(false),
  /** Ours: who comes later may read what was said to everybody in this session before. */
  chat_history: flag(false),
  wait_for_moderator: flag(false),
  quality: z.enum(['HD', 'SD', 'LD', 'FD']).default('SD'),
  abwd: flag(true),
  max_active_talkers: whole(1, MAX_TALKER_SLOTS).default(DEFAULT_TALKER_SLOTS),
  single_file_recording: flag(false),
  media_zone: z.string().max(10).default('XX'),
  watermark: flag(false),
  media_configuration: z.string().max(50).default('default'),
});

export type RoomSettings = z.output<typeof roomSettings>;

const freeData = z.record(z.string().max(100), z.unknown());

/** Body of `POST /rooms`. */
export const createRoomBody = z.object({
  name: z.string().trim().min(1).max(128),
  owner_ref: z.string().trim().min(1).max(128),
  settings: roomSettings
    .refine((settings) => !(settings.scheduled && settings.adhoc), {
      path: ['adhoc'],
      message: 'a scheduled room cannot be ad hoc',
    })
    .refine((settings) => !settings.scheduled || settings.duration !== undefined, {
      path: ['duration'],
      message: 'is required for a scheduled room',
    }),
  sip: freeData.optional(),
  data: freeData.optional(),
});

// Defaults must not overwrite what a room already has, so every setting is optional and without default here.
const changedSettings = z
  .object(
    Object.fromEntries(
      Object.entries(roomSettings.shape).map(([key, schema]) => [
        key,
        (schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : (schema as z.ZodType)).optional(),
      ]),
    ),
  )
  .omit({ mode: true, scheduled: true, adhoc: true });

/** Body of `PATCH /rooms/{room_id}`: only changed keys; mode, scheduled and adhoc are fixed. */
export const patchRoomBody = z.object({
  name: createRoomBody.shape.name.optional(),
  owner_ref: createRoomBody.shape.owner_ref.optional(),
  settings: changedSettings.optional(),
  sip: freeData.optional(),
  data: freeData.optional(),
});

/** Body of `POST /rooms/{room_id}/tokens`. */
export const createTokenBody = z.object({
  name: z.string().trim().min(1).max(128),
  role: z.enum(['moderator', 'participant', 'viewer']),
  user_ref: z.string().trim().min(1).max(128),
  data: freeData.refine((data) => Object.keys(data).length <= 5, 'may have at most 5 keys').optional(),
});
