import type { Construct } from 'constructs';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { quickSightDashboard } from './quicksight-dashboard.ts';
import { quickSightDataSets } from './quicksight-data-sets.ts';

/** Data sets over the curated tables and a dashboard, for those who pay QuickSight for an author. */
export class QuickSightStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings } = deployment;
    super(scope, 'QuickSight', deployment, { env: { region: settings.region } });
    const principal = settings.quicksightPrincipalArn!;
    const dataSets = quickSightDataSets(this, deployment, principal);
    quickSightDashboard(this, deployment, principal, dataSets);
  }
}
