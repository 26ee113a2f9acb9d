import { CfnOutput, Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket, ObjectOwnership, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { commonRules } from './web-acl.ts';
import { privateBucket } from './write-once.ts';

/** Nothing from elsewhere, no inline script or style, no form, no frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The public dashboard: static files out of a bucket of their own, and /data/* out of the lake's dashboard/data/, so that
 * Monday's run appears with nobody publishing. Both buckets are private; CloudFront reads them by origin access control.
 */
export class SiteStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names } = deployment;
    super(scope, 'Site', deployment, { env: { region: settings.region } });
    const logs = new Bucket(this, 'Logs', {
      ...privateBucket(settings),
      bucketName: names.siteLogsBucket,
      // CloudFront's standard log writes by ACL.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(90) }],
    }) as IBucket;
    const files = new Bucket(this, 'Files', {
      ...privateBucket(settings),
      bucketName: names.siteBucket,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'files/',
    });
    // By name: the statement that lets CloudFront read stands in the bucket's own stack, and covers dashboard/data/ alone.
    const lake = Bucket.fromBucketAttributes(this, 'Lake', {
      bucketName: names.lakeBucket,
      region: settings.region,
    });

    const behavior = {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: true,
      cachePolicy: this.shortCache(names.base),
      responseHeadersPolicy: this.headers(names.base),
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${names.base}: public dashboard`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: logs,
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(files as IBucket), ...behavior },
      additionalBehaviors: {
        // /data/index.json is dashboard/data/index.json of the lake.
        '/data/*': {
          origin: S3BucketOrigin.withOriginAccessControl(lake, { originPath: '/dashboard' }),
          ...behavior,
        },
      },
      ...(settings.waf ? { webAclId: commonRules(this, `${names.base}-site`, 'CLOUDFRONT').attrArn } : {}),
      ...(settings.domainName === null || settings.certificateArn === null
        ? {}
        : {
            domainNames: [settings.domainName],
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
            certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.certificateArn),
          }),
    });
    Validations.of(distribution).acknowledge({
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
      reason: 'The storage stack writes the policy of its own bucket.',
    });
    acknowledge(distribution, 'CFR1', 'The results are public everywhere.');
    if (!settings.waf)
      acknowledge(
        distribution,
        'CFR2',
        'Static files, read only, nothing to attack: a web ACL would cost more than all the rest; waf=on adds one (aws.amazon.com/waf/pricing).',
      );
    if (settings.domainName === null)
      acknowledge(
        distribution,
        'CFR4',
        "CloudFront's own name takes no other policy than TLSv1; domainName and certificateArn bring TLS 1.2 (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html).",
      );
    new CfnOutput(this, 'SiteUrl', {
      value: `https://${settings.domainName ?? distribution.distributionDomainName}`,
    });
    new CfnOutput(this, 'SiteBucketName', { value: names.siteBucket });
  }

  /** A minute where a file does not say otherwise: new results show at once, and a rush of readers costs S3 little. */
  private shortCache(base: string): CachePolicy {
    return new CachePolicy(this, 'Cache', {
      cachePolicyName: base,
      defaultTtl: Duration.minutes(1),
      minTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  private headers(base: string): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: base,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          preload: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
          { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
        ],
      },
    });
  }
}
