import express, { type Request, type Response } from 'express';
import { invalid, unsupported } from './error.ts';

const parseJson = express.json({ limit: '1mb', type: 'application/json', strict: true });

/** Reads a JSON body of at most 1 MiB. @throws CollectorError or body-parser errors, see error.ts */
export async function readBody(req: Request, res: Response): Promise<unknown> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) throw invalid('The request needs a JSON body.');
  if (!req.is('application/json')) throw unsupported('The body must be JSON: send the header "Content-Type: application/json".');
  await new Promise<void>((resolve, reject) => parseJson(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error))));
  return req.body;
}
