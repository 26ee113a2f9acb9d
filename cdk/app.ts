import { fileURLToPath } from 'node:url';
import { App, Aws, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from './stacks/add-stacks.ts';

/** Entry of `cdk synth` and `cdk deploy`: every stack of one stage, held against cdk-nag's AwsSolutions rules. */
const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks());
addStacks(app, {
  root: fileURLToPath(new URL('..', import.meta.url)),
  // Without credentials the account is a reference that CloudFormation resolves: synth works offline.
  account: process.env['CDK_DEFAULT_ACCOUNT'] ?? Aws.ACCOUNT_ID,
});
app.synth();
