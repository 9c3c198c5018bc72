import TestSupport
import Testing

@testable import Storage

@Suite struct EventTests {
    private func event(_ realm: Int64, _ number: Int, object: String = "object") -> NewEvent {
        NewEvent(
            realm: realm, at: Seed.start.adding(milliseconds: Int64(number)), actor: "user:ann", objectKind: "task",
            objectID: object, action: "changed", before: number == 0 ? nil : "{\"n\":\(number - 1)}",
            after: "{\"n\":\(number)}")
    }

    @Test(arguments: Backend.available)
    func `events are read by object and as a feed`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.append((0..<5).map { event(seed.live, $0, object: $0 % 2 == 0 ? "even" : "odd") })
                try db.append(event(seed.test, 9, object: "even"))
                let even = try db.events(realm: seed.live, object: "even", limit: 10)
                #expect(even.map(\.after) == ["{\"n\":0}", "{\"n\":2}", "{\"n\":4}"])
                #expect(even[0].before == nil && even[0].actor == "user:ann" && even[0].position == nil)
                let feed = try db.events(realm: seed.live, after: nil, limit: 3)
                #expect(feed.count == 3)
                let rest = try db.events(realm: seed.live, after: feed[2].id, limit: 3)
                #expect(rest.map(\.after) == ["{\"n\":3}", "{\"n\":4}"])
                #expect(try db.latestEventID(realm: seed.live) == rest.last?.id)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `sealing gives each account dense positions and a chain that checks`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (acme, other) = (try await Seed.account(in: database), try await Seed.account("other", in: database))
            try await database.write { db throws in
                for number in 0..<25 {
                    try db.append(event([acme.live, acme.test, other.live][number % 3], number))
                }
            }
            #expect(
                try await database.read { Set(try $0.accountsWithUnsealedEvents()) } == [acme.account, other.account])
            // Several nodes may seal at once.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while try await database.write({
                            try $0.sealEvents(account: acme.account, at: Seed.start, limit: 3)
                        }) > 0 {}
                    }
                }
                try await group.waitForAll()
            }
            try await database.read { db throws in
                #expect(try db.accountsWithUnsealedEvents() == [other.account])
                let positions =
                    try db.all("SELECT \(EventRow.columns) FROM events WHERE position IS NOT NULL ORDER BY position")
                    as [EventRow]
                #expect(positions.map(\.position) == (1...17).map { $0 })
                let whole = try db.verifyEvents(account: acme.account)
                #expect(whole.fault == nil && whole.isComplete && whole.position == 17 && whole.entries.count == 17)
                let part = try db.verifyEvents(account: acme.account, after: 5, limit: 5)
                #expect(part.fault == nil && !part.isComplete && part.position == 10)
                let rest = try db.verifyEvents(account: acme.account, after: 10)
                #expect(rest.fault == nil && rest.isComplete && rest.hash == whole.hash)
                let none = try db.verifyEvents(account: other.account)
                #expect(none.fault == nil && none.isComplete && none.position == 0)
            }
        }
    }
}
