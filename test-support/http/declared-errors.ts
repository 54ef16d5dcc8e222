import { API } from '@amc-reports/collector-service/contract/api.ts';
import type { ErrorCode } from '@amc-reports/collector-service/contract/errors.ts';
import type { Problem } from '@amc-reports/collector-service/contract/problem.ts';
import { errorsOf, type RouteDeclaration } from '@amc-reports/collector-service/contract/route.ts';

const routes: readonly RouteDeclaration[] = Object.values(API);

/** The same response. Throws when a route answered with a problem that its declaration, and so the OpenAPI document, does not name. */
export async function onlyDeclared(method: string, path: string, response: Response): Promise<Response> {
  const route = routes.find((each) => each.method.toUpperCase() === method && patternOf(each.path).test(path.split('?')[0]!));
  if (!route || response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return response;
  const text = await response.text();
  const { code, detail } = JSON.parse(text) as Problem;
  if (!errorsOf(route).includes(code as ErrorCode))
    throw new Error(`${route.method} ${route.path} answered with ${code}, which it does not declare: ${detail}`);
  return new Response(text, response);
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
