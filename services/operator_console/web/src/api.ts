// Calls to Siren: gRPC-Web to the console's own address, with the token of whoever sits here.
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { AlarmService } from './gen/siren/alerts/v1/alarm_service_pb';
import { ConsoleService } from './gen/siren/console/v1/console_service_pb';
import { ErrorInfoSchema } from './gen/siren/rpc/v1/status_pb';
import { ConditionsService } from './gen/siren/shelters/v1/conditions_service_pb';
import { ShelterService } from './gen/siren/shelters/v1/shelter_service_pb';
import { whoAmI } from './session';
import { reasons, say } from './words';

const withToken: Interceptor = next => request => {
  const token = whoAmI()?.token;
  if (token) request.header.set('authorization', `Bearer ${token}`);
  return next(request);
};
const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [withToken], defaultTimeoutMs: 8000 });

export const console_ = createClient(ConsoleService, transport);
export const alarms = createClient(AlarmService, transport);
export const shelters = createClient(ShelterService, transport);
export const conditions = createClient(ConditionsService, transport);

export const requestId = () => `console-${crypto.randomUUID()}`;
// Where a token says who asks, the request need not.
export const saidName = () => (whoAmI()?.token ? '' : whoAmI()?.name ?? '');

export function reasonOf(bad: unknown): string {
  const info = bad instanceof ConnectError ? bad.findDetails(ErrorInfoSchema)[0] : undefined;
  return info?.domain === 'siren' ? info.reason : '';
}
export const wasAborted = (bad: unknown) => bad instanceof ConnectError && bad.code === Code.Aborted;
export const isRefusal = (bad: unknown) =>
  bad instanceof ConnectError && (bad.code === Code.PermissionDenied || bad.code === Code.Unauthenticated);

// For an operator: what happened, in words, and what the service said.
export function wordsFor(bad: unknown): string {
  const known = reasons[reasonOf(bad)];
  const raw = bad instanceof ConnectError ? bad.rawMessage || Code[bad.code] : String(bad);
  return known ? `${say(known)} (${raw})` : raw;
}
