import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Place } from '../resource-names.ts';

/** Regions that a geographic inference profile may send a call to. https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html */
const PROFILE_REGIONS: Readonly<Record<string, readonly string[]>> = {
  us: ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  eu: ['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3', 'eu-south-1', 'eu-south-2'],
};
/** Converse needs this one action; streaming, which nobody uses, would be another. */
const INVOKE = ['bedrock:InvokeModel'];

/**
 * May call these models and no others. An endpoint `us.<model>` is an inference profile: the caller needs the profile and
 * the model in every region it routes to (inference-profiles-prereq.html). `global.<model>` needs the profile, the model in
 * the calling region, and the model's ARN without a region for calls that carry the region "unspecified"
 * (global-cross-region-inference.html). A plain endpoint is the model in this region.
 */
export function invokeModels(models: readonly ModelConfig[], place: Place): PolicyStatement[] {
  const { partition, account, region } = place;
  const model = (where: string, id: string) => `arn:${partition}:bedrock:${where}::foundation-model/${id}`;
  const profile = (id: string) => `arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`;
  const plain = new Set<string>();
  const global = new Set<string>();
  for (const { endpoint } of models) {
    const [prefix = '', ...rest] = endpoint.split('.');
    const id = rest.join('.');
    if (prefix === 'global') {
      plain.add(profile(endpoint)).add(model(region, id));
      global.add(model('', id));
    } else if (PROFILE_REGIONS[prefix] !== undefined) {
      plain.add(profile(endpoint));
      for (const where of PROFILE_REGIONS[prefix]) plain.add(model(where, id));
    } else plain.add(model(region, endpoint));
  }
  return [
    ...(plain.size === 0
      ? []
      : [new PolicyStatement({ sid: 'InvokeModels', actions: INVOKE, resources: [...plain] })]),
    ...(global.size === 0
      ? []
      : [
          new PolicyStatement({
            sid: 'InvokeModelsOfGlobalProfiles',
            actions: INVOKE,
            resources: [...global],
            conditions: { StringEquals: { 'aws:RequestedRegion': 'unspecified' } },
          }),
        ]),
  ];
}
