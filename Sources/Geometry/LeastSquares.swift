/// Fits unknowns to measurements that contradict each other.
enum LeastSquares {
    private static let steps = 25
    private static let halvings = 12

    /// The unknowns near `start` that make the sum of squares of the residuals smallest.
    ///
    /// Gauss–Newton steps with numeric derivatives. A step that makes things worse is halved, so nothing worse than the
    /// start is returned.
    static func gaussNewton(from start: [Double], residuals: ([Double]) -> [Double]) -> [Double] {
        var best = start
        var current = residuals(best)
        var cost = inner(current, current)
        for _ in 0..<steps {
            let jacobian = derivatives(at: best, residuals)
            // Unit columns keep lengths and angles comparable for the solver.
            let scales = jacobian.map { column in
                let length = inner(column, column).squareRoot()
                return length > 0 ? length : 1
            }
            let columns = zip(jacobian, scales).map { column, scale in column.map { $0 / scale } }
            let normal = columns.map { a in columns.map { b in inner(a, b) } }
            guard let solution = solve(normal, columns.map { -inner($0, current) }) else { break }
            let change = zip(solution, scales).map { $0 / $1 }
            var factor = 1.0
            var found: (unknowns: [Double], residuals: [Double], cost: Double)?
            for _ in 0..<halvings {
                let next = zip(best, change).map { $0 + factor * $1 }
                let values = residuals(next)
                let sum = inner(values, values)
                if sum < cost {
                    found = (next, values, sum)
                    break
                }
                factor /= 2
            }
            guard let found else { break }
            let isSettled = zip(change, best).allSatisfy { abs($0) <= 1e-11 * (1 + abs($1)) }
            (best, current, cost) = (found.unknowns, found.residuals, found.cost)
            if isSettled { break }
        }
        return best
    }

    /// Solves a square system by elimination with pivoting; nil when it has no single solution.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        let size = rows.count
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-14
            else { return nil }
            rows.swapAt(column, pivot)
            for row in column + 1..<size {
                let factor = rows[row][column] / rows[column][column]
                for place in column...size { rows[row][place] -= factor * rows[column][place] }
            }
        }
        var result = [Double](repeating: 0, count: size)
        for row in (0..<size).reversed() {
            let rest = (row + 1..<size).reduce(rows[row][size]) { $0 - rows[row][$1] * result[$1] }
            result[row] = rest / rows[row][row]
        }
        return result
    }

    /// The derivatives of all residuals by each unknown, from differences to both sides.
    private static func derivatives(at unknowns: [Double], _ residuals: ([Double]) -> [Double]) -> [[Double]] {
        unknowns.indices.map { index in
            let delta = 1e-6 * max(1, abs(unknowns[index]))
            var (after, before) = (unknowns, unknowns)
            after[index] += delta
            before[index] -= delta
            return zip(residuals(after), residuals(before)).map { ($0 - $1) / (2 * delta) }
        }
    }

    private static func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
