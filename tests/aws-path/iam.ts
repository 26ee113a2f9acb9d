/** A signed request in the words of IAM. */
export interface IamRequest {
  /** Name of the host, whose role it is. */
  principal: string;
  action: string;
  resource: string;
  /** Partition key of the one item of a DynamoDB request; null where it names none. */
  leading_key: string | null;
}

/** As much of a policy statement as the roles of the stacks use. */
export interface IamStatement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** S3 operations by the action that IAM asks for. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  ListObjectsV2: 'ListBucket',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
};
export const s3Action = (operation: string) => `s3:${S3_ACTIONS[operation] ?? operation}`;

/** Is a request allowed? No statement denies here: the roles name what they may, and buckets refuse by themselves. */
export function isAllowed(request: IamRequest, statements: readonly IamStatement[]): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      [statement.Action].flat().some((pattern) => isLike(request.action, pattern)) &&
      [statement.Resource].flat().some((pattern) => isLike(request.resource, pattern)) &&
      holds(request, statement.Condition ?? {}),
  );
}

function holds(request: IamRequest, condition: NonNullable<IamStatement['Condition']>): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) => {
      if (operator !== 'ForAllValues:StringLike' || key !== 'dynamodb:LeadingKeys')
        throw new Error(`condition ${operator} ${key} is not understood here`);
      const { leading_key } = request;
      return leading_key === null || [patterns].flat().some((pattern) => isLike(leading_key, pattern));
    }),
  );
}

function isLike(value: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}
