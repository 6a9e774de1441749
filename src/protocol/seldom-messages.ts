/** What rooms with rules, a lack of bandwidth and recording are told of (protocol §7, §11, §12), as guards and types. */
import {
  anything,
  type Guard,
  type Guarded,
  lenient,
  object,
  oneOf,
  optional,
  passing,
  text,
} from './guards.js';
import { id, roles, streamId } from './message-parts.js';
import { personGuard, roleRequestGuard, userGuard } from './server-messages.js';

/** What happens to the floor of a lecture, and to whom (protocol §11.4). */
export const floorManagementGuard = object({
  id: text(64, 1),
  clientId: lenient(text(128), ''),
  name: lenient(text(256), ''),
  moderatorId: lenient(optional(text(128)), undefined),
});
export type FloorManagement = Guarded<typeof floorManagementGuard>;

const moderatorLists = {
  awaitedParticipants: lenient(optional(passing(personGuard)), undefined),
  raisedHands: lenient(optional(passing(personGuard)), undefined),
  approvedHands: lenient(optional(passing(personGuard)), undefined),
  userRoleChangeRequests: lenient(optional(passing(roleRequestGuard)), undefined),
};
const roleChange = object({
  clientId: id,
  role: object({ old: lenient(optional(text(64)), undefined), new: oneOf(...roles) }),
  user: lenient(optional(userGuard), undefined),
});

/** New roles, in the new form (`clientsInfo`) or the old one (`moderator`: who was and who is) (protocol §11.5). */
export const userRoleChangedGuard = object({
  clientsInfo: lenient(optional(passing(roleChange)), undefined),
  moderator: lenient(
    optional(object({ old: lenient(optional(id), undefined), new: lenient(optional(id), undefined) })),
    undefined,
  ),
  userList: lenient(optional(passing(userGuard)), undefined),
  ...moderatorLists,
});
export type UserRoleChanged = Guarded<typeof userRoleChangedGuard>;

/** Somebody asks for another role, or is answered (protocol §7). */
export const userRoleManagementGuard = object({
  id: oneOf('requestInitiated', 'requestCancelled', 'requestAccepted', 'requestDenied'),
  clientId: lenient(text(128), ''),
  name: lenient(text(256), ''),
  role: lenient(text(64), ''),
});

/** The room became a lecture, or ceased to be one (protocol §7). */
export const roomSwitchedGuard = object({
  moderator: lenient(anything, undefined),
  mode: lenient(optional(oneOf('group', 'lecture')), undefined),
});

/** Bandwidth of single streams (protocol §7, §12). */
export const bandwidthAlertGuard = passing(
  object({
    streamId,
    bw: lenient(text(32), ''),
    type: lenient(optional(text(64)), undefined),
    name: lenient(optional(text(256)), undefined),
  }),
  100,
);

/** Bandwidth of this client as a whole (protocol §7, §12); `bandwidth` is an object or a number of kbit/s. */
export const selfBandwidthAlertGuard = object({
  message: oneOf('SubscriberBandWidth', 'PublisherBandwidth', 'ShareBandwidth'),
  bandwidth: lenient(anything, undefined),
});

/** An event that goes to the page under the name in `id`. */
const named = (payload: 'msg' | 'data') =>
  object({ id: text(128, 1), [payload]: lenient(optional(anything), undefined) }) as Guard<{
    id: string;
    msg?: unknown;
    data?: unknown;
  }>;

/** Event name → guard of its one argument. */
export const seldomMessages = {
  floorManagementEvents: floorManagementGuard,
  userRoleChanged: userRoleChangedGuard,
  userRoleManagementEvents: userRoleManagementGuard,
  roomSwitched: roomSwitchedGuard,
  onBandwidthAlert: bandwidthAlertGuard,
  bandwidthEvents: named('msg'),
  onSelfBandwidthAlert: selfBandwidthAlertGuard,
  genericEvents: named('data'),
  'room-record-on': anything,
  'room-record-off': anything,
} as const;
