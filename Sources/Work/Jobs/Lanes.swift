import Foundation
import Storage
import Synchronization

/// How many calls go out at once, how fast they follow each other, to one host for one account, and how often they are
/// made again.
package struct FetchPace: Sendable, Equatable {
    /// Fetches from one host that run at a time.
    package var perHost: Int
    /// Fetches from one host that begin in a second; nil for as many as there are.
    package var perSecond: Int?
    /// How often a file is tried in all whose host is busy or cannot be reached: eight times last about two minutes.
    package var tries: Int

    package init(perHost: Int = 8, perSecond: Int? = nil, tries: Int = 8) {
        self.perHost = perHost
        self.perSecond = perSecond
        self.tries = tries
    }
}

/// One account's jobs that keep one receiver or source busy.
struct LaneKey: Hashable, Sendable {
    /// 0 for jobs of no realm.
    let realm: Int64
    /// Empty for jobs without a lane.
    let name: String
}

extension JobRow {
    var laneKey: LaneKey { LaneKey(realm: realm ?? 0, name: lane ?? "") }
}

/// How many jobs of a kind run, by account and lane, and which lanes are left alone for a while; a class, since the loop
/// and its jobs share it.
final class LaneLoad: Sendable {
    private struct State {
        var total = 0
        var realms: [Int64: Int] = [:]
        /// The number of the last job that was begun for an account, counted over all of them.
        var turns: [Int64: Int] = [:]
        var turn = 0
        var lanes: [LaneKey: Int] = [:]
        /// Until when the other side asked not to be called.
        var pauses: [LaneKey: Timestamp] = [:]
        /// Jobs begun in a second, where their number is bounded.
        var second: Int64 = 0
        var begun: [LaneKey: Int] = [:]
    }

    /// The most jobs at a time, of all and of one lane, and the most of one lane that begin in a second.
    let most: Int
    let perLane: Int
    let perSecond: Int?
    private let state = Mutex(State())

    init(most: Int, perLane: Int, perSecond: Int? = nil) {
        self.most = most
        self.perLane = perLane
        self.perSecond = perSecond
    }

    var total: Int { state.withLock { $0.total } }

    /// The accounts in the order in which they are served: that with the fewest running jobs first, of several with as
    /// many the one that was served longest ago.
    func ordered(_ realms: [Int64]) -> [Int64] {
        state.withLock { state in
            realms.sorted {
                (state.realms[$0] ?? 0, state.turns[$0] ?? 0, $0) < (state.realms[$1] ?? 0, state.turns[$1] ?? 0, $1)
            }
        }
    }

    /// How many more jobs an account may begin.
    ///
    /// Nobody has more running than there are places left, so that there is always one for who comes next. `taken`: how
    /// many are about to be begun for others.
    func room(ofRealm realm: Int64, taken: Int) -> Int {
        state.withLock { state in
            let free = most - state.total - taken
            return most == 1 ? free : max(0, (free - (state.realms[realm] ?? 0) + 1) / 2)
        }
    }

    /// How many more jobs a lane may begin now.
    func room(in lane: LaneKey, now: Timestamp) -> Int {
        state.withLock { state in
            if let until = state.pauses[lane], until > now { return 0 }
            let room = perLane - (state.lanes[lane] ?? 0)
            guard let perSecond else { return room }
            let second = now.microseconds / 1_000_000
            return min(room, perSecond - (second == state.second ? state.begun[lane] ?? 0 : 0))
        }
    }

    /// When the first lane that is left alone may be called again.
    func nextEnd(now: Timestamp) -> Timestamp? {
        state.withLock { state in
            state.pauses = state.pauses.filter { $0.value > now }
            return state.pauses.values.min()
        }
    }

    func pause(_ lane: LaneKey, until: Timestamp) {
        state.withLock { state in state.pauses[lane] = max(until, state.pauses[lane] ?? until) }
    }

    func began(_ lane: LaneKey, now: Timestamp) {
        state.withLock { state in
            state.total += 1
            state.realms[lane.realm, default: 0] += 1
            state.turn += 1
            state.turns[lane.realm] = state.turn
            state.lanes[lane, default: 0] += 1
            guard perSecond != nil else { return }
            let second = now.microseconds / 1_000_000
            if second != state.second { (state.second, state.begun) = (second, [:]) }
            state.begun[lane, default: 0] += 1
        }
    }

    func ended(_ lane: LaneKey) {
        state.withLock { state in
            state.total -= 1
            let running = (state.realms[lane.realm] ?? 1) - 1
            state.realms[lane.realm] = running > 0 ? running : nil
            let inLane = (state.lanes[lane] ?? 1) - 1
            state.lanes[lane] = inLane > 0 ? inLane : nil
        }
    }
}

/// Walks over the lanes of each account in turn, some at a time, so that very many of one cost no more than a few.
final class LaneWalk: Sendable {
    /// Lanes that are looked at in one go.
    private static let portion = 50
    /// Behind which lane the next walk over an account's lanes begins.
    private let places = Mutex<[Int64: String]>([:])

    /// An account's lanes of this turn, that with the job due first in front.
    ///
    /// - Returns: The lanes, and whether there are more.
    /// - Throws: `StorageError`.
    func lanes(kind: String, realm: Int64, in db: any Connection) throws -> (lanes: [JobLane], hasMore: Bool) {
        let place = places.withLock { $0[realm] }
        let found = try db.jobLanes(kind: kind, realm: realm, after: place, limit: Self.portion)
        let hasMore = found.count == Self.portion
        places.withLock { $0[realm] = hasMore ? found.max { $0.place < $1.place }?.name : nil }
        guard !hasMore, place != nil else { return (found, hasMore) }
        // The round is over: the first ones have their turn again.
        let known = Set(found.map(\.name))
        let first = try db.jobLanes(kind: kind, realm: realm, limit: Self.portion)
        return ((found + first.filter { !known.contains($0.name) }).sorted { $0.due < $1.due }, true)
    }
}

/// Tells whether so many files come in that the processors are better left to them; a class, since the loops of a worker
/// share it.
final class FetchRush: Sendable {
    private struct State {
        var halfSecond: Int64 = 0
        var now = 0
        var before = 0
    }

    /// Fetches in half a second from which on there is a rush; fewer leave the processors idle most of the time.
    private static let many = 20
    private let state = Mutex(State())

    func ended(now: Timestamp) {
        state.withLock { state in
            Self.turn(&state, now)
            state.now += 1
        }
    }

    func isOn(now: Timestamp) -> Bool {
        state.withLock { state in
            Self.turn(&state, now)
            return max(state.now, state.before) >= Self.many
        }
    }

    private static func turn(_ state: inout State, _ now: Timestamp) {
        let half = now.microseconds / 500_000
        guard half != state.halfSecond else { return }
        state = State(halfSecond: half, now: 0, before: half == state.halfSecond + 1 ? state.now : 0)
    }
}

/// How jobs that give way go on in a rush: few rather than none, and steadily when they have waited for long.
struct Restraint {
    /// How many run at a time when there is none.
    let most: Int
    /// Whether there is a rush now.
    var isOn = false
    private var isOverdue = false

    /// How long they may wait, in seconds, until one of them runs at any time.
    private static let patience = 60.0

    init(most: Int) {
        self.most = most
    }

    /// How many may run at a time.
    var room: Int { isOn ? 1 : most }

    /// What is waited for before the next one, in seconds.
    var pause: Double { isOn && !isOverdue ? 0.25 : 0 }

    /// Notes since when the oldest of those that were begun now has been due; nil if there was none.
    mutating func claimed(dueSince: Timestamp?, now: Timestamp) {
        isOverdue = dueSince.map { now - $0 > Self.patience } ?? false
    }
}
