import { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Construct } from 'constructs';
import type { Deployment } from './bench-stack.ts';
import { DATA_SETS, type DataSetId } from './quicksight-data-sets.ts';

type Definition = CfnDashboard.DashboardVersionDefinitionProperty;
type Visual = CfnDashboard.VisualProperty;

/** One dashboard of four visuals: half-life by week, violations by model, CSD by dimension, cost by week. */
export function quickSightDashboard(
  scope: Construct,
  { names }: Deployment,
  principal: string,
  dataSets: Record<DataSetId, string>,
): void {
  const definition: Definition = {
    dataSetIdentifierDeclarations: DATA_SETS.map(({ id }) => ({ identifier: id, dataSetArn: dataSets[id] })),
    sheets: [
      {
        sheetId: 'week',
        name: 'Weekly benchmark',
        visuals: [halfLife(), violations(), csd(), cost()],
      },
    ],
  };
  new CfnDashboard(scope, 'Dashboard', {
    awsAccountId: names.place.account,
    dashboardId: names.base,
    name: names.base,
    definition,
    permissions: [
      {
        principal,
        actions: [
          'DescribeDashboard',
          'ListDashboardVersions',
          'QueryDashboard',
          'UpdateDashboard',
          'DeleteDashboard',
          'UpdateDashboardPermissions',
          'DescribeDashboardPermissions',
          'UpdateDashboardPublishedVersion',
        ].map((action) => `quicksight:${action}`),
      },
    ],
  });
}

function halfLife(): Visual {
  return {
    lineChartVisual: {
      visualId: 'half-life',
      title: title('Half-life by week (restricted mean, turns)'),
      chartConfiguration: {
        fieldWells: {
          lineChartAggregatedFieldWells: {
            category: [dimension('half-life', 'week')],
            values: [measure('half-life', 'rmst_turns', 'AVERAGE')],
            colors: [dimension('half-life', 'model')],
          },
        },
      },
    },
  };
}

function violations(): Visual {
  return {
    barChartVisual: {
      visualId: 'violations',
      title: title('Violations per 100 turns'),
      chartConfiguration: {
        orientation: 'HORIZONTAL',
        barsArrangement: 'STACKED',
        fieldWells: {
          barChartAggregatedFieldWells: {
            category: [dimension('violations', 'model')],
            values: [measure('violations', 'per_100_turns', 'AVERAGE')],
            colors: [dimension('violations', 'violation')],
          },
        },
      },
    },
  };
}

function csd(): Visual {
  const { columns } = DATA_SETS.find(({ id }) => id === 'csd')!;
  const dimensions = Object.entries(columns).flatMap(([name, type]) => (type === 'DECIMAL' ? [name] : []));
  return {
    radarChartVisual: {
      visualId: 'csd',
      title: title('CSD by dimension (0 to 1), last week'),
      chartConfiguration: {
        shape: 'POLYGON',
        fieldWells: {
          radarChartAggregatedFieldWells: {
            color: [dimension('csd', 'model')],
            values: dimensions.map((name) => measure('csd', name, 'AVERAGE')),
          },
        },
      },
    },
  };
}

function cost(): Visual {
  return {
    barChartVisual: {
      visualId: 'cost',
      title: title('Cost by week and model (US$)'),
      chartConfiguration: {
        orientation: 'VERTICAL',
        barsArrangement: 'STACKED',
        fieldWells: {
          barChartAggregatedFieldWells: {
            category: [dimension('cost', 'week')],
            values: [measure('cost', 'cost_usd', 'SUM')],
            colors: [dimension('cost', 'model')],
          },
        },
      },
    },
  };
}

function title(plainText: string): CfnDashboard.VisualTitleLabelOptionsProperty {
  return { visibility: 'VISIBLE', formatText: { plainText } };
}

function dimension(dataSetIdentifier: DataSetId, columnName: string): CfnDashboard.DimensionFieldProperty {
  return {
    categoricalDimensionField: {
      fieldId: `${dataSetIdentifier}.${columnName}`,
      column: { dataSetIdentifier, columnName },
    },
  };
}

function measure(
  dataSetIdentifier: DataSetId,
  columnName: string,
  simpleNumericalAggregation: 'AVERAGE' | 'SUM',
): CfnDashboard.MeasureFieldProperty {
  return {
    numericalMeasureField: {
      fieldId: `${dataSetIdentifier}.${columnName}`,
      column: { dataSetIdentifier, columnName },
      aggregationFunction: { simpleNumericalAggregation },
    },
  };
}
