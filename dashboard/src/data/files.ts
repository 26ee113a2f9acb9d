import type {
  AlertsFile,
  IndexFile,
  LocalFile,
  ManifestFile,
  MethodsFile,
  ModelTrendFile,
  TrendsFile,
} from '../../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../../schemas/dashboard-files.ts';
import type { CanaryFile, RunsFile, TranscriptFile } from '../../../schemas/dashboard-runs.ts';
import type { ExecutionSummary } from '../../../schemas/execution-summary.ts';
import { resource, type Resource } from './resource.ts';

/** Each file of the contract with its type. Call while rendering. */
export const indexFile = (): Resource<IndexFile> => resource<IndexFile>(DASHBOARD_FILES.index).value;
export const alertsFile = (): Resource<AlertsFile> => resource<AlertsFile>(DASHBOARD_FILES.alerts).value;
export const methodsFile = (): Resource<MethodsFile> => resource<MethodsFile>(DASHBOARD_FILES.methods).value;
export const localFile = (): Resource<LocalFile> => resource<LocalFile>(DASHBOARD_FILES.local).value;
export const trendsFile = (series: string): Resource<TrendsFile> =>
  resource<TrendsFile>(DASHBOARD_FILES.trends(series)).value;
export const modelTrendFile = (series: string, model: string): Resource<ModelTrendFile> =>
  resource<ModelTrendFile>(DASHBOARD_FILES.modelTrend(series, model)).value;
export const executionFile = (execution_id: string): Resource<ExecutionSummary> =>
  resource<ExecutionSummary>(DASHBOARD_FILES.execution(execution_id)).value;
export const runsFile = (execution_id: string): Resource<RunsFile> =>
  resource<RunsFile>(DASHBOARD_FILES.runs(execution_id)).value;
export const transcriptFile = (run_id: string): Resource<TranscriptFile> =>
  resource<TranscriptFile>(DASHBOARD_FILES.transcript(run_id)).value;
export const canaryFile = (execution_id: string): Resource<CanaryFile> =>
  resource<CanaryFile>(DASHBOARD_FILES.canary(execution_id)).value;
export const manifestFile = (manifest_id: string): Resource<ManifestFile> =>
  resource<ManifestFile>(DASHBOARD_FILES.manifest(manifest_id)).value;
