/**
 * A second, independent client of the wire protocol, for tests only.
 *
 * It is written from the protocol description alone and shares no line with the engine, so that the server is
 * not only tested against our own reading of the protocol. It behaves like a vendor SDK does on the wire:
 * one socket, one peer connection per published stream, one for all received slots, one for data, and it never
 * renegotiates any of them. The numbers in the comments are sections of the protocol description.
 *
 * A classic script: needs socket.io-client's browser build loaded first and leaves one global, `PlainClient`.
 * Everything that comes and goes is kept in `log`, so that a test can wait for what already happened.
 */
'use strict';

(() => {
  const SDK_VERSION = '3.1.5';

  /** 2.1: base64 of JSON, decoded byte by byte. */
  const decodeToken = (token) => JSON.parse(atob(token.replace(/\s+/g, '')));

  /** 4.2, 4.3: VP8 is the only video codec a client offers, which also removes RTX. */
  function preferVp8(transceiver, capabilities) {
    transceiver.setCodecPreferences(
      capabilities.codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8'),
    );
  }

  /** 4.6: the bandwidth line goes right under the first `m=video`. */
  const withBandwidth = (sdp, kbps) =>
    kbps ? sdp.replace(/(m=video[^\r\n]*(\r?\n))/, `$1b=AS:${kbps}$2`) : sdp;

  /**
   * One peer connection: it offers once, applies the answer, and is never renegotiated (1).
   * The local description waits for the answer, as in the SDK, so all candidates come after it (4.1).
   */
  class Peer {
    constructor(client, kind, streamId) {
      this.client = client;
      this.kind = kind;
      this.streamId = streamId;
      this.offers = 0;
      this.answers = [];
      this.started = 0;
      this.ready = 0;
      this.candidatesSent = 0;
      this.endSent = false;
      this.closed = false;
      this.pc = new RTCPeerConnection({
        bundlePolicy: 'max-bundle',
        iceServers: client.roomConnected.iceServers,
      });
      this.pc.onicecandidate = ({ candidate }) => this.#sendCandidate(candidate);
    }

    get state() {
      return this.pc.connectionState;
    }

    async offer(kbps) {
      const { sdp } = await this.pc.createOffer();
      this.offerSdp = this.kind === 'data' ? sdp : withBandwidth(sdp, kbps);
      this.kbps = kbps;
      this.offers += 1;
      this.send({ type: 'offer', sdp: this.offerSdp });
    }

    /** 4.1: no other field than these two. */
    send(msg) {
      return this.client.emitSdp('signaling_message', { streamId: this.streamId, msg });
    }

    #sendCandidate(candidate) {
      if (this.closed) return;
      if (!candidate || candidate.candidate === '') {
        if (this.endSent) return;
        this.endSent = true;
        this.send({ type: 'candidate', candidate: { sdpMLineIndex: -1, sdpMid: 'end', candidate: 'end' } });
        return;
      }
      this.candidatesSent += 1;
      const { sdpMLineIndex, sdpMid } = candidate;
      this.send({
        type: 'candidate',
        candidate: { sdpMLineIndex, sdpMid, candidate: `a=${candidate.candidate}` },
      });
    }

    async receive(msg) {
      switch (msg.type) {
        case 'answer':
          return this.#applyAnswer(msg);
        case 'candidate':
          return this.#addCandidate(msg.candidate);
        case 'started':
          this.started += 1;
          return;
        case 'ready':
          this.ready += 1;
          return;
        default:
          // 1: in particular an offer by the server means nothing to a client.
          this.client.fail(`unexpected ${this.kind} message of type ${String(msg.type)}`);
      }
    }

    async #applyAnswer(msg) {
      // 4.1: a client searches `media` before it applies the answer; without the array it would throw here.
      const names = msg.media.flatMap(({ codecs }) => codecs.map(({ name }) => name.toLowerCase()));
      this.answers.push({ sdp: msg.sdp, codecs: names });
      if (this.answers.length > 1) return this.client.fail(`a second answer on the ${this.kind} connection`);
      await this.pc.setLocalDescription({ type: 'offer', sdp: this.offerSdp });
      await this.pc.setRemoteDescription({
        type: 'answer',
        sdp: this.kind === 'data' ? msg.sdp : withBandwidth(msg.sdp, this.kbps),
      });
    }

    /** 4.1: trickled candidates come as an object or its JSON, maybe with `a=`, and the mid is guessed. */
    async #addCandidate(given) {
      const candidate = typeof given === 'string' ? JSON.parse(given) : given;
      if (candidate.candidate === 'end') return;
      const sdpMid = this.kind === 'data' ? candidate.sdpMid : candidate.sdpMid === 'audio' ? '0' : '1';
      await this.pc.addIceCandidate({
        candidate: candidate.candidate.replace(/^a=/, ''),
        sdpMid: String(sdpMid),
        sdpMLineIndex: candidate.sdpMLineIndex,
      });
    }

    close() {
      this.closed = true;
      this.pc.close();
    }
  }

  class PlainClient {
    /**
     * @param {string} token as the REST API gives it
     * @param {object} [options]
     *   `publish`: `{ audio, video }`, each `false` or a getUserMedia constraint (default: nothing published);
     *   `muteStream`: join muted; `subscribe`: false receives nothing; `data`: false chats over the socket;
     *   `extra`: more fields for the token message; `tokenMessage`: sent in its place.
     */
    constructor(token, options = {}) {
      this.token = token;
      this.options = { subscribe: true, data: true, ...options };
      /** Everything on the wire, in order: `{ dir: 'out' | 'ack' | 'in', name, args, at }`. */
      this.log = [];
      /** What a real client would have stumbled over. */
      this.errors = [];
      /** Media messages for a connection that is no longer there: legitimate around a repair. */
      this.strays = [];
      /** Chat and data envelopes, with the way they came. */
      this.messages = [];
      this.users = new Map();
      this.publishers = new Map();
      this.subscriber = undefined;
      this.subscribers = [];
      this.data = undefined;
      this.slots = [];
      this.dataStream = undefined;
      this.talkers = undefined;
      this.left = false;
    }

    // --- the socket (2.2, 2.3) ---------------------------------------------------------------------------

    fail(what) {
      this.errors.push(String(what?.stack ?? what));
    }

    #note(dir, name, args) {
      // Copied now, because the objects may change later.
      this.log.push({ dir, name, args: JSON.parse(JSON.stringify(args)), at: performance.now() });
    }

    /** Any form of section 2.3: resolves with the raw arguments of the acknowledgement. */
    emit(name, ...args) {
      this.#note('out', name, args);
      return new Promise((resolve, reject) => {
        this.socket.timeout(10_000).emit(name, ...args, (error, ...ack) => {
          if (error) {
            this.#note('ack', name, ['timeout']);
            return reject(new Error(`${name} was not acknowledged: ${error.message}`));
          }
          this.#note('ack', name, ack);
          resolve(ack);
        });
      });
    }

    /** One after the other, each once the one before was acknowledged. @returns the acknowledgements */
    async emitAll(events) {
      const answers = [];
      for (const event of events) answers.push(await this.emit(...event));
      return answers;
    }

    /** `sendMessage`: ("success", x), ("error", x), or the bare result. */
    async emitMessage(name, payload) {
      const [first, second] = await this.emit(name, payload);
      if (first === 'error') throw new Error(`${name}: ${JSON.stringify(second)}`);
      return first === 'success' ? second : first;
    }

    /** `sendSDP`: always a third element; a `null` answer is an error. */
    async emitSdp(name, payload, second = null) {
      const [answer, reason] = await this.emit(name, payload, second);
      if (answer === null) throw new Error(`${name}: ${JSON.stringify(reason)}`);
      return answer;
    }

    /** `sendEvent`: a name and nothing else. */
    async emitBare(name) {
      return (await this.emit(name))[0];
    }

    #open() {
      const { host, gateway } = this.decoded;
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      this.socket = globalThis.io(`${scheme}://${gateway || host}`, {
        path: '/v3/socket.io/',
        transports: ['websocket'],
        timeout: 8000,
        forceNew: true,
        // The SDK closes a lost socket itself; a library that reopened it would hide losses from the tests.
        reconnection: false,
        ...(gateway ? { query: { 'X-Forwarded-Host': host } } : {}),
      });
      this.socket.onAny((name, ...args) => {
        const acknowledge = typeof args.at(-1) === 'function' ? args.pop() : undefined;
        this.#note('in', name, args);
        Promise.resolve(this.#handle(name, args[0], acknowledge)).catch((error) => this.fail(error));
      });
      this.socket.on('disconnect', (reason) => this.#note('in', 'disconnect', [reason]));
      this.socket.on('connect_error', (error) => this.#note('in', 'connect_error', [error.message]));
    }

    // --- joining (3) -------------------------------------------------------------------------------------

    /**
     * Opens the socket and sends the token. Admission comes as an event and may come much later: see `joined`.
     * @returns {Promise<unknown[]>} the raw acknowledgement of the token
     */
    async join() {
      this.decoded = decodeToken(this.token);
      const { publish } = this.options;
      // The SDK gets camera and microphone before it opens the socket (3.1).
      if (publish) this.media = await navigator.mediaDevices.getUserMedia(publish);
      this.joined = new Promise((resolve) => (this.admitted = resolve));
      this.#open();
      const { tokenMessage, extra } = this.options;
      // Even `null` may be sent.
      const message = tokenMessage === undefined ? this.#tokenMessage(extra) : tokenMessage;
      this.tokenAck = await this.emit('token', message);
      if (this.tokenAck[0] === 'success') this.clientId = this.tokenAck[1].clientId;
      return this.tokenAck;
    }

    #tokenMessage(extra) {
      return {
        ...this.decoded,
        version: SDK_VERSION,
        hostType: 'chrome-stable',
        hostVersion: /Chrome\/([\d.]+)/.exec(navigator.userAgent)?.[1] ?? '0',
        hostDeviceType: 'desktop',
        userAgent: navigator.userAgent,
        singlePC: 'subs',
        dataChannel: this.options.data,
        ...extra,
      };
    }

    /** Ours, not the protocol's: a new socket in place of one that breaks, while the media goes on. */
    async resume() {
      const fields = { ...this.reconnectFields(), resume: true, received: { socket: 0, data: 0 } };
      this.socket.io.engine.close();
      this.joined = new Promise((resolve) => (this.admitted = resolve));
      this.#open();
      return this.emit('token', this.#tokenMessage(fields));
    }

    /** 8.2: what a client that lost its socket adds to the token message. */
    reconnectFields() {
      const { id, user } = this.roomConnected;
      return {
        isReconnecting: true,
        reconnectAttempt: 1,
        reconnectCount: 1,
        oldClientIdForReconnect: this.clientId,
        room: id,
        role: user.role,
        name: user.name,
        user_ref: user.user_ref,
      };
    }

    #enter(connected) {
      this.roomConnected = connected;
      // 3.3: without these three the SDK never finishes joining.
      const { room, videoBitrateQualityMap } = connected;
      if (!room?.settings || !videoBitrateQualityMap) this.fail('room-connected lacks a required object');
      // 3.3: who has to wait for a moderator gets the streams later.
      if (!room.waitRoom && !connected.resumed) this.#startMedia(connected);
      this.emit('logClientEvents', {
        eventType: 'clientConnSuccess',
        roomId: connected.id,
        logId: this.decoded.logId,
        timestamp: Date.now(),
      }).catch((error) => this.left || this.fail(error));
      this.admitted(connected);
    }

    /** Everything at once: nothing here waits for anything else. */
    #startMedia({ streams, userList, dataChannelStream }) {
      for (const user of Object.values(userList)) this.users.set(user.clientId, user);
      this.slots = Object.values(streams).sort((a, b) => a.id - b.id);
      this.dataStream = dataChannelStream;
      // What was still under way when the client left is nobody's fault.
      const watch = (promise) => promise.catch((error) => this.left || this.fail(error));
      if (this.#hasDataConnection) watch(this.openData());
      watch(this.emitBare('getMaxNumberOfTalker'));
      if (this.media) watch(this.publish());
      if (this.options.subscribe && this.slots.length > 0) watch(this.subscribeAll());
    }

    // --- what the server says (7) ------------------------------------------------------------------------

    #handle(name, payload, acknowledge) {
      switch (name) {
        case 'room-connected':
          this.#enter(payload);
          break;
        case 'media_engine_connecting':
          return this.#mediaMessage(payload);
        case 'active-talkers-updated':
          this.talkers = payload;
          break;
        case 'user-connected':
          this.users.set(payload.clientId, payload);
          break;
        case 'user-disconnected':
          this.users.delete(payload.clientId);
          break;
        case 'onDataStreamToRoom':
          this.messages.push({ via: 'socket', ...payload });
          break;
        case 'onRemoveStream':
          // 7, 8.1: an own stream that the server took away is published again, under a new id.
          return this.publishers.has(String(payload.id)) ? this.#republish(payload.id) : undefined;
        case 'onBandwidthAlert':
          // 7: "unknown" means that nothing arrives any more.
          return payload.some(({ bw }) => bw === 'unknown') ? this.repairSubscriber() : undefined;
        case 'room-disconnected':
          return this.leave();
        case 'roomManagementEvents':
          // 11.2: the moderator is there, so it goes on where `room-connected` stopped.
          if (payload.id === 'wait-room-disabled') this.#startMedia(payload.roomData);
          break;
        case 'room-muted':
        case 'hardmute-user-audio':
        case 'hardmute-user-video':
        case 'room-unmuted':
        case 'hardunmute-user-audio':
        case 'hardunmute-user-video':
          // 7: the SDK calls the callback without looking, so a missing one is the server's mistake.
          if (!acknowledge) this.fail(`${name} came without an acknowledgement callback`);
          // 11.3: the client does to its device what it is told and says so.
          if (this.media) {
            this.setMuted(name.endsWith('video') ? 'video' : 'audio', !name.includes('unmute')).catch(
              (error) => this.fail(error),
            );
          }
          break;
      }
      acknowledge?.({ result: 0 });
      return undefined;
    }

    #mediaMessage({ streamId, peerId, msg }) {
      // 4.1: the subscriber connection is addressed by peerId, all others by streamId.
      const peer =
        peerId !== undefined
          ? String(this.subscriber?.streamId) === String(peerId) && this.subscriber
          : String(this.data?.streamId) === String(streamId)
            ? this.data
            : this.publishers.get(String(streamId));
      if (!peer || peer.closed) {
        this.strays.push({ streamId, peerId, type: msg.type });
        return undefined;
      }
      if (msg.type === 'started' && peer.kind === 'publisher') this.#muteOnJoin();
      return peer.receive(msg);
    }

    // --- publishing (4.2) --------------------------------------------------------------------------------

    /** @param {object} [more] besides the usual fields of the request, for a share */
    async publish(media = this.media, more = {}) {
      const [audio] = media.getAudioTracks();
      const [video] = media.getVideoTracks();
      const { minVideoBW = 0, maxVideoBW, defaultVideoBW } = this.roomConnected;
      const request = {
        state: 'media_engine',
        audio: Boolean(audio),
        video: Boolean(video),
        data: false,
        attributes: {},
        muteStream: { audio: false, video: false, ...this.options.muteStream },
        minVideoBW,
        maxVideoBW: maxVideoBW ?? defaultVideoBW,
        scheme: 'notify-break-recover',
        ...more,
      };
      const answer = await this.emitSdp('publish', request);
      if (answer.result !== 0) throw new Error(`publish was refused: ${JSON.stringify(answer)}`);
      const peer = new Peer(this, more.screen ? 'share' : 'publisher', answer.id);
      this.publishers.set(String(answer.id), peer);
      if (audio) peer.pc.addTransceiver(audio, { direction: 'sendonly', streams: [media] });
      if (video) {
        preferVp8(
          peer.pc.addTransceiver(video, { direction: 'sendonly', streams: [media] }),
          RTCRtpSender.getCapabilities('video'),
        );
      }
      await peer.offer(request.maxVideoBW);
      return answer.id;
    }

    /** 5.5: asks, then publishes a picture of 480 x 120 that no camera has. */
    async share() {
      const asked = { req: 'start', pubType: 'screen', override: true };
      const [answer] = await this.emit('auxilaryPublishRequests', asked);
      if (answer.result !== 0) return answer;
      const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 120 });
      const pen = canvas.getContext('2d');
      let step = 0;
      this.painting = setInterval(() => {
        pen.fillStyle = `hsl(${(step += 20)}, 80%, 50%)`;
        pen.fillRect(0, 0, canvas.width, canvas.height);
      }, 100);
      const shareMetadata = { layout: 'grid' };
      const more = { screen: true, shareMetadata, muteStream: undefined, minVideoBW: 100, maxVideoBW: 400 };
      this.shareId = await this.publish(canvas.captureStream(10), more);
      return answer;
    }

    unshare() {
      clearInterval(this.painting);
      return this.unpublish(this.shareId);
    }

    async unpublish(streamId = this.publisher.streamId) {
      const peer = this.publishers.get(String(streamId));
      peer.close();
      this.publishers.delete(String(streamId));
      return this.emitMessage('unpublish', peer.streamId);
    }

    async #republish(streamId) {
      await this.unpublish(streamId);
      await this.publish();
    }

    /** The connection of the camera, of which there is one at a time. */
    get publisher() {
      return [...this.publishers.values()].find(({ kind }) => kind === 'publisher');
    }

    #muteOnJoin() {
      const { audio, video } = this.options.muteStream ?? {};
      if (audio) this.setMuted('audio', true).catch((error) => this.fail(error));
      if (video) this.setMuted('video', true).catch((error) => this.fail(error));
    }

    /** A mute is local (the track sends silence or black) plus a notice, which has no payload (6). */
    setMuted(kind, muted) {
      for (const track of this.media.getTracks()) if (track.kind === kind) track.enabled = !muted;
      return this.emitBare(`user-${kind}-${muted ? 'muted' : 'unmuted'}`);
    }

    // --- receiving (4.3) ---------------------------------------------------------------------------------

    #subscribe({ id, canvas }) {
      return this.emitSdp('subscribe', {
        streamId: id,
        audio: true,
        video: true,
        data: false,
        canvas: Boolean(canvas),
        browser: 'chrome-stable',
        muteStream: { audio: false, video: false },
      });
    }

    /** One message per slot; the first acknowledgement starts the one connection for all of them. */
    async subscribeAll(slots = this.slots) {
      const [first, ...others] = slots.map((slot) => this.#subscribe(slot));
      await first;
      await this.#openSubscriber(slots[0].id);
      await Promise.all(others);
    }

    /** 4.3: slots may be subscribed in any order; the connection is named after the first. */
    subscribeBackwards() {
      return this.subscribeAll([...this.slots].reverse());
    }

    async #openSubscriber(streamId) {
      const peer = new Peer(this, 'subscriber', streamId);
      this.subscriber = peer;
      this.subscribers.push(peer);
      for (const { audio, video } of this.slots) {
        if (audio) peer.pc.addTransceiver('audio', { direction: 'recvonly' });
        if (video) {
          preferVp8(
            peer.pc.addTransceiver('video', { direction: 'recvonly' }),
            RTCRtpReceiver.getCapabilities('video'),
          );
        }
      }
      peer.pc.ontrack = ({ track, transceiver }) => this.#play(track, transceiver.mid);
      await peer.offer(this.roomConnected.defaultVideoBW);
    }

    /** Slot i has the mids 2i and 2i + 1; nothing else says which track belongs where. */
    #play(track, mid) {
      const slot = this.slots[Math.floor(Number(mid) / 2)];
      const id = `slot-${slot.id}-${track.kind}`;
      let player = document.getElementById(id);
      if (!player) {
        // Apart, because a video element waits for the first picture before it lets anything be heard.
        player = document.createElement(track.kind);
        player.id = id;
        player.autoplay = true;
        player.playsInline = true;
        document.body.append(player);
      }
      player.srcObject = new MediaStream([track]);
    }

    /** 4.3, renewal: subscribe 1, unsubscribe the others, then a new connection and the other slots again. */
    async repairSubscriber() {
      this.subscriber.close();
      const [slot, ...others] = this.slots;
      const first = this.#subscribe(slot);
      const dropped = others.map(({ id }) => this.emitMessage('unsubscribe', id));
      await first;
      await this.#openSubscriber(slot.id);
      await Promise.all([...dropped, ...others.map((other) => this.#subscribe(other))]);
    }

    /** 4.3: unsubscribing any slot closes the shared connection. */
    unsubscribe(streamId) {
      this.subscriber.close();
      return this.emitMessage('unsubscribe', streamId);
    }

    // --- data (4.4, 10) ----------------------------------------------------------------------------------

    /** 3.1, 3.3: the client can switch it off, and the room need not offer it. */
    get #hasDataConnection() {
      return this.options.data && Boolean(this.dataStream);
    }

    async openData() {
      const { id } = this.dataStream;
      await this.emitSdp('addDataChannel', { streamId: id, singlePC: 'subs' });
      const peer = new Peer(this, 'data', id);
      this.data = peer;
      peer.pc.onconnectionstatechange = () => {
        // 8.1: nothing else tells that this connection was lost.
        if (peer.pc.connectionState !== 'failed' || this.data !== peer) return;
        peer.close();
        this.openData().catch((error) => this.left || this.fail(error));
      };
      this.channel = peer.pc.createDataChannel('data', { negotiated: true, id: 0 });
      this.channel.onmessage = ({ data }) => {
        try {
          this.messages.push({ via: 'channel', ...JSON.parse(data) });
        } catch (error) {
          this.fail(error);
        }
      };
      await peer.offer();
    }

    /** Over the channel when there is one, else over the socket, where the server makes the envelope. */
    say(message, clients = [], type = 'chat') {
      const broadcast = clients.length === 0;
      if (!this.#hasDataConnection) {
        return this.emit('sendDataStreamToRoom', { msg: message, broadcast, clients, type });
      }
      const { name } = this.roomConnected.user;
      this.channel.send(
        JSON.stringify({
          type,
          message,
          broadcast,
          clients,
          sender: name,
          senderId: this.clientId,
          timestamp: Date.now(),
        }),
      );
      return Promise.resolve([{ result: 0 }]);
    }

    /** Text that is not an envelope: 10 says clients send such. */
    sendRaw(text) {
      this.channel.send(text);
    }

    sendBytes(bytes) {
      this.channel.send(new Uint8Array(bytes));
    }

    // --- leaving (9.1) -----------------------------------------------------------------------------------

    async leave() {
      if (this.left) return;
      this.left = true;
      const requests = [];
      if (this.socket.connected) {
        if (this.subscriber) {
          for (const { id } of this.slots) requests.push(this.emitMessage('unsubscribe', id));
        }
        for (const { streamId } of this.publishers.values()) {
          requests.push(this.emitMessage('unpublish', streamId));
        }
        const drop = this.emit('drop', { self: true });
        requests.push(drop);
        await Promise.race([drop, new Promise((resolve) => setTimeout(resolve, 1000))]).catch(() => {});
      }
      // The socket closes without waiting for the rest.
      for (const request of requests) request.catch(() => {});
      this.end();
    }

    /** Everything closed at once and without a word, as when a laptop is shut. */
    end() {
      this.left = true;
      clearInterval(this.painting);
      this.socket?.disconnect();
      for (const peer of [this.subscriber, this.data, ...this.publishers.values()]) peer?.close();
      for (const track of this.media?.getTracks() ?? []) track.stop();
    }

    // --- for the tests -----------------------------------------------------------------------------------

    /** What came or went since `from`, as plain data. */
    entries(from = 0) {
      return this.log.slice(from);
    }

    /** How the connections stand. */
    picture() {
      const of = (peer) =>
        peer && {
          streamId: peer.streamId,
          state: peer.state,
          offers: peer.offers,
          answers: peer.answers.length,
          codecs: peer.answers[0]?.codecs,
          started: peer.started,
          ready: peer.ready,
          candidatesSent: peer.candidatesSent,
          endSent: peer.endSent,
        };
      return {
        clientId: this.clientId,
        publisher: of(this.publisher) ?? null,
        subscriber: of(this.subscriber) ?? null,
        data: of(this.data) ?? null,
        channel: this.channel?.readyState ?? null,
        subscribers: this.subscribers.length,
        talkers: this.talkers ?? null,
        users: [...this.users.keys()],
        socket: this.socket?.connected ?? false,
        errors: this.errors,
        strays: this.strays,
      };
    }

    /** The offers and answers, for a look at the SDP itself. */
    descriptions() {
      const of = (peer) => peer && { offer: peer.offerSdp, answer: peer.answers[0]?.sdp };
      return { publisher: of(this.publisher), subscriber: of(this.subscriber), data: of(this.data) };
    }

    /** What arrives in one slot. */
    async slotStats(streamId) {
      const index = this.slots.findIndex(({ id }) => id === streamId);
      const player = document.getElementById(`slot-${streamId}-video`);
      const stats = {
        framesDecoded: 0,
        framesDropped: 0,
        keyFramesDecoded: 0,
        freezeCount: 0,
        videoPackets: 0,
        videoPacketsLost: 0,
        audioPackets: 0,
        audioPacketsLost: 0,
        audioEnergy: 0,
        currentTime: player?.currentTime ?? 0,
        width: player?.videoWidth ?? 0,
        height: player?.videoHeight ?? 0,
      };
      const report = this.subscriber ? await this.subscriber.pc.getStats() : new Map();
      for (const entry of report.values()) {
        if (entry.type !== 'inbound-rtp' || Math.floor(Number(entry.mid) / 2) !== index) continue;
        if (entry.kind === 'video') {
          stats.framesDecoded = entry.framesDecoded ?? 0;
          stats.framesDropped = entry.framesDropped ?? 0;
          stats.keyFramesDecoded = entry.keyFramesDecoded ?? 0;
          stats.freezeCount = entry.freezeCount ?? 0;
          stats.videoPackets = entry.packetsReceived ?? 0;
          stats.videoPacketsLost = entry.packetsLost ?? 0;
        } else {
          stats.audioPackets = entry.packetsReceived ?? 0;
          stats.audioPacketsLost = entry.packetsLost ?? 0;
          stats.audioEnergy = entry.totalAudioEnergy ?? 0;
        }
      }
      return stats;
    }

    /** What leaves through the published stream. */
    async sendStats() {
      const stats = {};
      for (const entry of (await this.publisher.pc.getStats()).values()) {
        if (entry.type === 'outbound-rtp') {
          stats[entry.kind] = {
            packetsSent: entry.packetsSent,
            bytesSent: entry.bytesSent,
            framesEncoded: entry.framesEncoded,
            keyFramesEncoded: entry.keyFramesEncoded,
            pliCount: entry.pliCount,
            nackCount: entry.nackCount,
            targetBitrate: entry.targetBitrate,
          };
        }
        if (entry.type === 'remote-inbound-rtp') {
          stats[`${entry.kind}Report`] = {
            roundTripTime: entry.roundTripTime,
            packetsLost: entry.packetsLost,
          };
        }
        if (entry.type === 'candidate-pair' && entry.nominated) {
          stats.availableOutgoingBitrate = entry.availableOutgoingBitrate;
        }
      }
      return stats;
    }
  }

  globalThis.PlainClient = PlainClient;
})();
