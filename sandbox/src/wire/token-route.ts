import type { Request, Response } from 'express';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_REFRESH_TOKEN } from '../account.ts';
import type { SandboxContext } from '../context.ts';
import { answer } from './answer.ts';
import { asText, readForm } from './body.ts';

/** POST /auth/o2/token: Login with Amazon (reference/amc.md §1.1). The same refresh token comes back and stays valid. */
export async function tokenRoute(context: SandboxContext, request: Request, response: Response): Promise<void> {
  const body = await readForm(request);
  const refuse = (status: number, error: string, description: string): void =>
    answer(response, { error, error_description: description }, undefined, status);
  const basic = /^Basic (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [];
  const clientId = asText(body.client_id, 'client_id') ?? basicId;
  const secret = asText(body.client_secret, 'client_secret') ?? basicSecret;
  const grant = asText(body.grant_type, 'grant_type');
  if (grant !== 'refresh_token' && grant !== 'authorization_code') {
    return refuse(
      400,
      'unsupported_grant_type',
      `The authorization grant type "${grant ?? ''}" is not supported by the authorization server`,
    );
  }
  if (clientId !== SANDBOX_CLIENT_ID || secret !== SANDBOX_CLIENT_SECRET)
    return refuse(401, 'invalid_client', 'Client authentication failed');
  const offered = grant === 'refresh_token' ? asText(body.refresh_token, 'refresh_token') : asText(body.code, 'code');
  const fault = context.faults.strike(['invalid-grant'], { path: request.originalUrl, method: 'POST' });
  if (fault || (grant === 'refresh_token' ? offered !== SANDBOX_REFRESH_TOKEN : !offered)) {
    const name = grant === 'refresh_token' ? 'refresh_token' : 'code';
    return refuse(
      fault?.status ?? 400,
      'invalid_grant',
      `The request has an invalid grant parameter : ${name}. User may have revoked or didn't grant the permission.`,
    );
  }
  context.statistics.tokensIssued++;
  answer(response, {
    access_token: context.tokens.issue(context.behaviour.tokenSeconds),
    token_type: 'bearer',
    expires_in: context.behaviour.tokenSeconds,
    refresh_token: SANDBOX_REFRESH_TOKEN,
  });
}
