import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from './bench-stack.ts';

/**
 * Where containers run: two zones, a security group without ingress whose egress is HTTPS. `public` gives each task an
 * address and has no NAT, which would cost more than all the rest; `private` has no way out but VPC endpoints.
 */
export class Network extends Construct {
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';

  constructor(scope: Construct, { settings, names }: Deployment) {
    super(scope, 'Network');
    const isPublic = settings.network === 'public';
    const subnetType = isPublic ? SubnetType.PUBLIC : SubnetType.PRIVATE_ISOLATED;
    const vpc = new Vpc(this, 'Vpc', {
      vpcName: names.base,
      ipAddresses: IpAddresses.cidr('10.71.0.0/20'),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: settings.network, subnetType, cidrMask: 24 }],
    });
    Validations.of(vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'Zones by name let synth work without credentials; every region has a zone a and b.',
    });
    vpc.addFlowLog('Rejected', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLog', {
          logGroupName: names.logGroup('vpc-rejected'),
          retention: settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    for (const [id, service] of [
      ['S3', GatewayVpcEndpointAwsService.S3],
      ['DynamoDb', GatewayVpcEndpointAwsService.DYNAMODB],
    ] as const)
      vpc.addGatewayEndpoint(id, { service });

    const tasks = new SecurityGroup(this, 'Tasks', {
      vpc: vpc as IVpc,
      description: 'socratic-bench containers: nothing in, HTTPS out',
      allowAllOutbound: false,
    });
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS');
    if (!isPublic) {
      const endpoints = new SecurityGroup(this, 'Endpoints', {
        vpc: vpc as IVpc,
        description: 'socratic-bench VPC endpoints: HTTPS from containers',
        allowAllOutbound: false,
      });
      endpoints.addIngressRule(tasks, Port.tcp(443), 'HTTPS from containers');
      for (const [id, service] of [
        ['EcrApi', InterfaceVpcEndpointAwsService.ECR],
        ['EcrDocker', InterfaceVpcEndpointAwsService.ECR_DOCKER],
        ['Logs', InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS],
        ['Bedrock', InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME],
        // ECS fetches a container's keys from within its network.
        ...(settings.modelKeys.length === 0
          ? []
          : [['Parameters', InterfaceVpcEndpointAwsService.SSM] as const]),
      ] as const)
        vpc.addInterfaceEndpoint(id, { service, securityGroups: [endpoints], open: false });
    }
    this.subnetIds = vpc.selectSubnets({ subnetType }).subnetIds;
    this.securityGroupId = tasks.securityGroupId;
    this.assignPublicIp = isPublic ? 'ENABLED' : 'DISABLED';
  }
}
