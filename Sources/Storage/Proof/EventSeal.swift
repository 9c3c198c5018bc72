/// How an entry of an account's log is hashed in its place.
///
/// Every entry covers its own content, the entry before, and one further back: the one whose position is its own without
/// the lowest binary digit that is set. Going by either leads from any entry to any earlier one in a few steps, however
/// long the log is, which keeps the proof of one entry short.
package enum EventSeal {
    /// The hash before the first entry.
    package static let beginning = String(repeating: "0", count: 64)

    /// The position further back that an entry covers; for odd positions it is the one before.
    package static func skip(from position: Int64) -> Int64 { position & (position - 1) }

    /// The hash of what an entry says, where `before` and `after` stand by the hashes of their texts.
    package static func content(
        realm: Int64, id: String, at: Timestamp, actor: String, objectKind: String, objectID: String, action: String,
        before: String?, after: String?
    ) -> String {
        CanonicalForm.hash([
            "vernier entry 2", String(realm), id, String(at.microseconds), actor, objectKind, objectID, action, before,
            after,
        ])
    }

    /// The hash of an entry in its place.
    package static func link(position: Int64, previous: String, skipped: String, content: String) -> String {
        CanonicalForm.hash(["vernier link 2", String(position), previous, skipped, content])
    }

    /// The hash that entries had before those further back were covered.
    static func firstForm(_ event: EventRow, position: Int64, previous: String) -> String {
        CanonicalForm.hash([
            previous, String(position), String(event.realm), event.id, String(event.at.microseconds), event.actor,
            event.objectKind, event.objectID, event.action, event.before, event.after,
        ])
    }
}

extension EventRow {
    /// The hash of what the entry says.
    package var content: String {
        EventSeal.content(
            realm: realm, id: id, at: at, actor: actor, objectKind: objectKind, objectID: objectID, action: action,
            before: before.map(CanonicalForm.digest), after: after.map(CanonicalForm.digest))
    }
}

/// The hashes that the next entry of a log covers, kept up to date while going along it.
struct ChainWalk {
    /// The position that was passed last.
    private(set) var position: Int64
    /// Up to which position entries have the first form.
    let firstForm: Int64
    /// The positions that later entries may skip to, with their hashes; the last is the one that was passed last.
    private var steps: [(position: Int64, hash: String)]

    /// Stands at a position, given the hashes at the positions of ``places(behind:)``.
    ///
    /// One that is missing counts as zero: a log that was tampered with is sealed further, and checking it finds where.
    init(at position: Int64, firstForm: Int64, hashes: [Int64: String]) {
        self.position = position
        self.firstForm = firstForm
        steps = [(0, EventSeal.beginning)]
        for place in Self.places(behind: position) { steps.append((place, hashes[place] ?? EventSeal.beginning)) }
    }

    /// The positions whose hashes are needed to go on behind a position, in order.
    static func places(behind position: Int64) -> [Int64] {
        var places: [Int64] = []
        var place = position
        while place > 0 {
            places.append(place)
            place = EventSeal.skip(from: place)
        }
        return places.reversed()
    }

    /// The hash at the position that was passed last.
    var hash: String { steps[steps.count - 1].hash }

    /// The hash that an entry has in the next place.
    func next(_ event: EventRow) -> String {
        let place = position + 1
        guard place > firstForm else { return EventSeal.firstForm(event, position: place, previous: hash) }
        return EventSeal.link(position: place, previous: hash, skipped: skipped(by: place), content: event.content)
    }

    /// The hash at the position that an entry covers besides the one before.
    private func skipped(by place: Int64) -> String {
        let target = EventSeal.skip(from: place)
        return steps.last { $0.position <= target }?.hash ?? EventSeal.beginning
    }

    /// Goes on to the next position, where an entry has this hash.
    mutating func pass(_ hash: String) {
        position += 1
        let target = EventSeal.skip(from: position)
        while let last = steps.last, last.position > target { steps.removeLast() }
        steps.append((position, hash))
    }
}

/// Where a log is not as it was sealed, and in which way.
package struct ChainFault: Error, Sendable, Equatable {
    package enum What: String, Sendable {
        /// There is no entry at this position.
        case missing
        /// The position is there twice, or behind the end of the log.
        case added
        /// The entry, or its hash, does not say what was sealed.
        case changed
        /// The end that is noted beside the log is not this one.
        case end
    }

    package var position: Int64
    package var what: What
    /// The entry found there.
    package var event: EventRow?

    init(position: Int64, what: What, event: EventRow? = nil) {
        self.position = position
        self.what = what
        self.event = event
    }
}
