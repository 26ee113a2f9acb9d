import { deploymentNames, deploymentOf } from '../../schemas/deployment-names.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { mediaType, siteFiles } from '../host/site-files.ts';
import { requirePages } from './bundle.ts';

const S3_BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * `publish`: the built dashboard into the site's bucket. Data are not copied: CloudFront serves data/ out of the lake, so
 * that Monday's run appears with nobody publishing.
 */
export async function publishCommand({ bucket }: { bucket?: string }, context: Context): Promise<number> {
  const pages = requirePages();
  const target = bucket ?? siteBucketOf(context.lake);
  if (!S3_BUCKET.test(target))
    throw new CliError('usage', `--bucket: expected the name of an S3 bucket, got "${target}"`);
  const files = (await siteFiles(pages)).map((file) => ({
    ...file,
    content_type: mediaType(file.path),
    // Names below assets/ carry a hash of what is in them.
    cache_control: file.path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }));
  const { openSite } = await import('../host/aws-site.ts');
  await openSite(context, target).put(files);
  const bytes = files.reduce((sum, { body }) => sum + body.length, 0);
  context.out(
    context.json
      ? `${JSON.stringify({ bucket: target, files: files.length, bytes })}\n`
      : `${files.length} files (${Math.ceil(bytes / 1024)} kB) in s3://${target}\n`,
  );
  return EXIT.ok;
}

/** The site's bucket of the deployment whose lake this is. */
function siteBucketOf(lake: string): string {
  const deployment = deploymentOf(/^s3:\/\/([^/]+)\/?$/i.exec(lake)?.[1] ?? '');
  if (deployment !== null) return deploymentNames(deployment.base, deployment.place).siteBucket;
  throw new CliError(
    'usage',
    'publish: expected --bucket <site bucket>, got none',
    'the stack Site names it (output SiteBucketName); with --lake s3://<lake bucket> of a deployment it is known',
  );
}
