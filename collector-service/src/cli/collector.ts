#!/usr/bin/env node
import { collectorProgram } from './program.ts';

await collectorProgram().parseAsync();
