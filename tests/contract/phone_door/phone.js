'use strict';
// A phone as an app on grpc-js would have it. It is told what to do, and tells what it hears, by lines of JSON over one
// socket: node phone.js PORT FOLDER-OF-PROTOS
const net = require('net');
const path = require('path');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const [port, protos] = process.argv.slice(2);
const kRetryMs = 100;
const kFinalReasons = new Set(['WRONG_MODE', 'UNKNOWN_ZONE', 'TOO_MANY_WATCHED_ZONES']);

const siren = grpc.loadPackageDefinition(
  loader.loadSync('siren/alerts/v1/alert_service.proto', {
    includeDirs: [protos],
    defaults: true,
    keepCase: true,
    longs: String,
    enums: String,
    oneofs: true,
  }),
).siren;

const statuses = new protobuf.Root();
statuses.resolvePath = (from, to) => (to.startsWith('google/') ? to : path.join(protos, to));
statuses.loadSync('siren/rpc/v1/status.proto', { keepCase: true });
const Status = statuses.lookupType('siren.rpc.v1.Status');
const ErrorInfo = statuses.lookupType('siren.rpc.v1.ErrorInfo');

const test = net.connect(Number(port), '127.0.0.1');
const tell = (word) => test.write(JSON.stringify(word) + '\n');

function reasonOf(status) {
  const [details] = status.metadata ? status.metadata.get('grpc-status-details-bin') : [];
  if (!details) return '';
  const [first] = Status.decode(details).details;
  return first ? ErrorInfo.decode(first.value).reason : '';
}

function optionsOf(asked) {
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  if (asked.keepalive_ms) {
    options['grpc.keepalive_time_ms'] = asked.keepalive_ms;
    options['grpc.keepalive_timeout_ms'] = asked.keepalive_timeout_ms;
  }
  if (asked.gzip) options['grpc.default_compression_algorithm'] = 2;
  return options;
}

class Phone {
  constructor(asked) {
    this.asked = asked;
    this.gateway = 0;
    this.connect();
  }

  connect() {
    const address = this.asked.gateways[this.gateway++ % this.asked.gateways.length];
    this.client = new siren.alerts.v1.AlertService(address, grpc.credentials.createInsecure(), optionsOf(this.asked));
    this.goAway = null;
    this.stream = this.client.WatchAlerts();
    this.stream.on('data', (heard) => this.hear(heard));
    this.stream.on('error', () => {}); // the status tells
    this.stream.on('status', (status) => this.end(status));
    const subscribe = { ...this.asked.subscribe };
    if (this.cursor) {
      subscribe.resume_from = this.cursor;
      subscribe.resume_zone_ids = this.zones;
    }
    this.stream.write({ subscribe });
  }

  hear(heard) {
    const kind = heard.event;
    const word = { kind, seq: '0' };
    if (kind === 'snapshot') {
      this.cursor = heard.snapshot.cursor;
      this.zones = heard.snapshot.zones.map((zone) => zone.zone_id);
      word.count = heard.snapshot.alerts.length;
      word.seq = this.cursor.seq;
    } else if (kind === 'continuation') {
      word.seq = heard.continuation.cursor.seq;
    } else if (kind === 'alert') {
      this.cursor = heard.alert.cursor;
      word.seq = this.cursor.seq;
    } else if (kind === 'go_away') {
      this.goAway = heard.go_away;
      word.reason = this.goAway.reason;
    }
    tell(word);
  }

  end(status) {
    const reason = reasonOf(status);
    tell({ kind: 'ended', seq: '0', code: status.code, reason });
    this.client.close();
    if (status.code === grpc.status.INVALID_ARGUMENT || kFinalReasons.has(reason)) return;
    const within = this.goAway && this.goAway.retry_within;
    const ms = within ? Number(within.seconds) * 1000 + within.nanos / 1e6 : kRetryMs;
    setTimeout(() => this.connect(), Math.random() * ms);
  }
}

/// One call of bytes, whatever they are.
function call(asked) {
  const client = new grpc.Client(asked.address, grpc.credentials.createInsecure(), optionsOf(asked));
  const whole = (bytes) => bytes;
  const deadline = asked.timeout_ms ? { deadline: Date.now() + asked.timeout_ms } : {};
  const stream = client.makeBidiStreamRequest(asked.method, whole, whole, new grpc.Metadata(), deadline);
  let answer = Buffer.alloc(0);
  stream.on('data', (bytes) => (answer = bytes));
  stream.on('error', () => {});
  stream.on('status', (status) => {
    tell({ kind: 'ended', seq: '0', code: status.code, reason: reasonOf(status), bytes: answer.toString('base64') });
    client.close();
  });
  for (const bytes of asked.requests) stream.write(Buffer.from(bytes, 'base64'));
  if (asked.ends) stream.end();
}

let phone = null;
const acts = {
  start: (asked) => (phone = new Phone(asked)),
  say: (request) => phone.stream.write(request),
  lose: () => phone.stream.cancel(),
  call,
};
readline.createInterface({ input: test }).on('line', (line) => {
  const { act, ...what } = JSON.parse(line);
  acts[act](what.what);
});
test.on('close', () => process.exit(0));
