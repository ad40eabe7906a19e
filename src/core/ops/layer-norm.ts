import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { sameShape } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Value } from '../graph/value.ts';
import { float, int } from '../onnx/build.ts';
import { add } from './add.ts';
import { divide } from './divide.ts';
import { at } from './elementwise.ts';
import { multiply } from './multiply.ts';
import { full, like } from './precision.ts';
import { reduceMean } from './reduce-sum.ts';
import { sqrt } from './sqrt.ts';
import { subtract } from './subtract.ts';

export type LayerNormAttributes = { readonly epsilon: number };

/**
 * y = γ·(x − μ)/√(σ² + ε) + β with the mean and variance of each row (Ba et al. 2016): x [.., d], γ and β [d].
 * With r = 1/√(σ² + ε), x̂ = (x − μ)·r and g = γ·dy: dx = r·(g − mean(g) − x̂·mean(g·x̂)), dγ = Σ dy·x̂, dβ = Σ dy.
 */
export const layerNormOp: Operator<LayerNormAttributes> = {
  name: 'layerNorm',
  shape(inputs) {
    const [x, gamma, beta] = operands('layerNorm', inputs, 3).map((value) => value.shape);
    const row = [x?.at(-1) ?? 0];
    assert(
      x && gamma && beta && sameShape(gamma, row) && sameShape(beta, row),
      `layerNorm of [${x}] by [${gamma}], [${beta}]`,
    );
    return x;
  },
  gradient(node, given) {
    const [x, dy] = [full(at(node, 0)), full(given)];
    const mean = (value: Value): Value => reduceMean(value, [x.shape.length - 1], true);
    const centred = subtract(x, mean(x));
    const variance = mean(multiply(centred, centred));
    const rate = divide(scalar(1), sqrt(add(variance, scalar(node.attributes.epsilon))));
    const unit = multiply(centred, rate);
    const g = multiply(dy, at(node, 1));
    const along = multiply(unit, mean(multiply(g, unit)));
    const dx = multiply(rate, subtract(subtract(g, mean(g)), along));
    return [like(dx, at(node, 0)), multiply(dy, unit), dy];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) =>
      onnx.node('LayerNormalization', [onnx.input(0), onnx.input(1), onnx.input(2)], {
        axis: int(-1),
        epsilon: float(attributes.epsilon),
      }),
  },
};

export function layerNorm(x: Value, gamma: Value, beta: Value, epsilon: number): Value {
  return node(layerNormOp, [x, gamma, beta], { epsilon });
}
