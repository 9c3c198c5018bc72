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

    /// What attributes are asked of.
    package enum Scope: Sendable {
        /// Annotations, or the whole.
        case thing
        /// Links, which are asked only what names their label in its condition.
        case link
    }

    /// Whether anything can be asked of a link with this label.
    func asksLinks(_ label: String?) -> Bool {
        entries.contains { isAsked($0.attribute, label, .link) }
    }

    private func isAsked(_ attribute: Attribute, _ label: String?, _ scope: Scope) -> Bool {
        guard scope == .link else { return true }
        guard let label, let labels = attribute.conditions.labels else { return false }
        return labels.contains(label)
    }

    /// Which attributes are asked, given the answers so far, by place in `entries`.
    ///
    /// A hidden attribute counts as unanswered for those whose conditions name it. The label is that of the annotation
    /// or link, nil when it has none; `answer` gives what is stored under a key.
    func visible(
        label: String?, scope: Scope = .thing, book: RuleBook = .all, answer: (String) -> JSONValue?
    ) -> [Bool] {
        var visible = [Bool](repeating: false, count: entries.count)
        for place in evaluationOrder {
            let attribute = entries[place].attribute
            guard isAsked(attribute, label, scope) else { continue }
            visible[place] = attribute.conditions.hold(label: label, book: book) { key in
                guard let other = places[key], isAsked(entries[other].attribute, label, scope), let value = answer(key)
                else { return [] }
                let counts = Counting.all.allSatisfy { !book.contains($0.name) || $0.counts(value, visible[other]) }
                return counts ? AnswerWords.of(value) : []
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
