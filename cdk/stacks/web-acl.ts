import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** Requests of one address within five minutes; a person with the dashboard open makes a few dozen. */
const RATE_LIMIT = 1000;

/** Amazon's common rules and a rate limit, before CloudFront or an API of this region. */
export function commonRules(scope: Construct, name: string, place: 'CLOUDFRONT' | 'REGIONAL'): CfnWebACL {
  const visibility = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName,
  });
  return new CfnWebACL(scope, 'WebAcl', {
    name,
    scope: place,
    defaultAction: { allow: {} },
    visibilityConfig: visibility(name),
    rules: [
      {
        name: 'rate',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: RATE_LIMIT } },
        visibilityConfig: visibility(`${name}-rate`),
      },
      {
        name: 'common',
        priority: 1,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesCommonRuleSet' },
        },
        visibilityConfig: visibility(`${name}-common`),
      },
    ],
  });
}
