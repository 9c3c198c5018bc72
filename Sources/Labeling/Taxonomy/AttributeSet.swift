import JSON

/// The attributes of one level (of annotations, or global), in the order declared.
package struct AttributeSet: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let key: String
        package let attribute: Attribute
    }

    package let entries: [Entry]
    private let places: [String: Int]
    /// Places in `entries`, every attribute after those that its conditions name.
    private let evaluationOrder: [Int]

    package static let empty = AttributeSet([])

    package init(_ entries: [Entry]) {
        self.entries = entries
        places = Dictionary(entries.indices.map { (entries[$0].key, $0) }, uniquingKeysWith: { first, _ in first })
        evaluationOrder = DependencyOrder(entries.map(\.dependencies), places: places).order
    }

    package var isEmpty: Bool { entries.isEmpty }

    package subscript(_ key: String) -> Attribute? {
        places[key].map { entries[$0].attribute }
    }

    /// Which attributes are asked, given the answers so far, by place in `entries`.
    ///
    /// A hidden attribute counts as unanswered for those whose conditions name it. The label is that of the annotation,
    /// nil when it has none; `words` gives the words of the answer stored under a key, see ``AnswerWords``.
    package func visible(label: String?, words: (String) -> [String]) -> [Bool] {
        var visible = [Bool](repeating: false, count: entries.count)
        for place in evaluationOrder {
            visible[place] = entries[place].attribute.conditions.hold(label: label) { key in
                guard let other = places[key], visible[other] else { return [] }
                return words(key)
            }
        }
        return visible
    }

    /// The first chain of attributes whose conditions lead back to its start, such as `a`, `b`, `a`.
    var cycle: [String]? {
        DependencyOrder(entries.map(\.dependencies), places: places).cycle.map { $0.map { entries[$0].key } }
    }
}

extension AttributeSet.Entry {
    /// The attributes that this one's conditions name.
    var dependencies: [String] {
        attribute.conditions.groups.flatMap { $0.map(\.key) }
    }
}

/// Orders things so that each comes after those it depends on.
struct DependencyOrder {
    /// All places, dependencies first; in a cycle the order is that of the walk.
    private(set) var order: [Int] = []
    /// A chain that ends where it starts, if there is one.
    private(set) var cycle: [Int]?

    private enum Mark { case unseen, open, done }

    /// - Parameters:
    ///   - dependencies: For each thing the names it depends on; unknown ones are passed over.
    ///   - places: Where each name stands.
    init(_ dependencies: [[String]], places: [String: Int]) {
        var marks = [Mark](repeating: .unseen, count: dependencies.count)
        var chain: [Int] = []
        order.reserveCapacity(dependencies.count)
        for place in dependencies.indices {
            visit(place, dependencies, places, &marks, &chain)
        }
    }

    private mutating func visit(
        _ place: Int, _ dependencies: [[String]], _ places: [String: Int], _ marks: inout [Mark], _ chain: inout [Int]
    ) {
        switch marks[place] {
        case .done: return
        case .open:
            if cycle == nil, let start = chain.firstIndex(of: place) { cycle = chain[start...] + [place] }
            return
        case .unseen: break
        }
        marks[place] = .open
        chain.append(place)
        for name in dependencies[place] {
            if let other = places[name] { visit(other, dependencies, places, &marks, &chain) }
        }
        chain.removeLast()
        marks[place] = .done
        order.append(place)
    }
}
