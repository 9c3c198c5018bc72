import Foundation
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct StaffTests {
    private func withStaff(
        _ backend: Backend, _ body: @Sendable (Workshop, StaffOperations, Labeler, OpenWork) async throws -> Void
    ) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            _ = try await shop.create()
            let work = try await ada.take()
            try await body(shop, StaffOperations(environment: shop.environment), ada, work)
        }
    }

    private func total(_ staff: StaffOperations, _ shop: Workshop) async throws -> Double {
        let days = try DayRange(first: nil, last: nil, now: shop.clock.now)
        return try await staff.hours(days, limit: 100, offset: 0, by: shop.key).reduce(0) { $0 + $1.seconds }
    }

    @Test(arguments: Backend.available)
    func `pauses are cut after five minutes, and what comes twice counts once`(_ backend: Backend) async throws {
        try await withStaff(backend) { shop, staff, ada, work in
            let first = try await staff.count([0], on: work.item.id, by: ada.actor).rounded()
            #expect(first == 0)
            shop.clock.advance(60)
            let minute = try await staff.count([0, 10, 30], on: work.item.id, by: ada.actor).rounded()
            #expect(minute == 60)
            // A second page of the same person tells the same minute.
            let again = try await staff.count([0, 5, 50], on: work.item.id, by: ada.actor).rounded()
            #expect(again <= 1)
            shop.clock.advance(299)
            let pause = try await staff.count([0], on: work.item.id, by: ada.actor).rounded()
            #expect(pause >= 298)
            shop.clock.advance(302)
            let late = try await staff.count([0], on: work.item.id, by: ada.actor).rounded()
            #expect(late == 0)
            // A page that was offline tells later of a moment in that pause: it joins both sides, and no more than was.
            let joined = try await staff.count([150], on: work.item.id, by: ada.actor).rounded()
            #expect(joined >= 300)
            let whole = try await total(staff, shop)
            #expect(whole <= 60 + 300 + 303)
            #expect(whole >= 60 + 299 + 302 - 2)
        }
    }

    @Test(arguments: Backend.available)
    func `nobody counts time before the work, of the day before, or on the work of others`(
        _ backend: Backend
    ) async throws {
        try await withStaff(backend) { shop, staff, ada, work in
            #expect(try await staff.count([80_000, 40_000, 100], on: work.item.id, by: ada.actor) == 0)
            let bob = try await Labeler.new(shop, "bob@example.com")
            #expect(try await staff.count([100, 0], on: work.item.id, by: bob.actor) == 0, "who does not hold it")
            shop.clock.advance(100)
            #expect(try await staff.count([100, 0], on: work.item.id, by: ada.actor) >= 99)
            _ = try await ada.answer(work)
            #expect(try await staff.count([0], on: work.item.id, by: ada.actor) < 2, "the last moments may come after")
        }
    }

    /// However moments come, no two intervals overlap, none is longer than the time that passed, and none crosses midnight.
    @Test(arguments: Backend.available)
    func `intervals never overlap, whatever comes in whatever order`(_ backend: Backend) async throws {
        try await withStaff(backend) { shop, staff, ada, work in
            _ = try await shop.create()
            var random = SeededGenerator(seed: 7)
            for _ in 1...60 {
                shop.clock.advance(Double(Int.random(in: 1...4000, using: &random)))
                let ages = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                    Double.random(in: 0...9000, using: &random)
                }
                _ = try await staff.count(ages, on: work.item.id, by: ada.actor)
            }
            let rows = try await shop.database.read { db in
                try db.query("SELECT started_at, ended_at FROM work_intervals ORDER BY started_at")
            }
            var last: Int64 = 0
            for row in rows {
                guard case .integer(let start) = row.values[0], case .integer(let end) = row.values[1] else { continue }
                #expect(start >= last && end >= start)
                #expect(end - Timestamp(microseconds: start).startOfDay.microseconds <= 86_400_000_000)
                last = end
            }
            #expect(rows.count > 5)
        }
    }

    @Test(arguments: Backend.available)
    func `hours, figures and history say what was done`(_ backend: Backend) async throws {
        try await withStaff(backend) { shop, staff, ada, work in
            _ = try await staff.count([0], on: work.item.id, by: ada.actor)
            shop.clock.advance(120)
            _ = try await staff.count([0], on: work.item.id, by: ada.actor)
            _ = try await ada.answer(work)
            let days = try DayRange(first: nil, last: nil, now: shop.clock.now)
            let hours = try await staff.hours(days, limit: 10, offset: 0, by: shop.key)
            #expect(hours.count == 1 && hours[0].email == "ada@example.com" && hours[0].items == 1)
            #expect(hours[0].seconds >= 119 && hours[0].seconds <= 121)
            let people = try await staff.statistics(days, project: nil, limit: 10, offset: 0, by: shop.key)
            let own = try #require(people.first { $0.member.user.email == "ada@example.com" }?.statistics)
            #expect(own.done == 1 && own.times.count == 1 && own.received.sample == 0)
            #expect(abs((own.medianSeconds ?? 0) - 120) < 2)
            let history = try await staff.history(before: nil, limit: 10, by: ada.actor)
            #expect(history.map(\.id) == [work.item.id] && history[0].status == .completed)
            let place = try #require(WorkHistoryRow.place(history[0].cursor))
            #expect(try await staff.history(before: place, limit: 10, by: ada.actor).isEmpty)
            let early = shop.clock.now.adding(seconds: -400 * 86_400)
            #expect(throws: (any Error).self) { try DayRange(first: early, last: nil, now: shop.clock.now) }
            #expect(throws: (any Error).self) { try DayRange(first: shop.clock.now, last: early, now: shop.clock.now) }
        }
    }

    @Test(arguments: Backend.available)
    func `labelers are given what their function is`(_ backend: Backend) async throws {
        try await withStaff(backend) { shop, _, ada, work in
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            let people = PeopleOperations(database: shop.database, identities: identities, now: shop.environment.now)
            let chief = try await shop.person("chief@example.com", .admin)
            try await shop.work.release(work.item.id, lease: work.lease, by: ada.actor)
            let id = try #require(ada.actor.person)
            #expect(
                try await people.change(id, role: nil, function: .reviewer, isActive: nil, by: chief).function
                    == .reviewer)
            #expect(try await ada.claim() == nil)
            #expect(try await shop.work.home(by: ada.actor).summary.waiting == 0)
            _ = try await people.change(id, role: nil, function: .attempter, isActive: nil, by: chief)
            #expect(try await ada.claim()?.item.id == work.item.id)
        }
    }

    @Test func `an invitation goes out by mail, and its link is nowhere in the database`() async throws {
        let script = "#!/bin/sh\ncat >> \"$(dirname \"$0\")/mails\"\n"
        try await Backend.sqlite.withWorkshop(mailScript: script) { shop in
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            let people = PeopleOperations(
                database: shop.database, identities: identities, mail: shop.environment.invitationMail,
                now: shop.environment.now)
            let chief = try await shop.person("chief@example.com", .admin)
            let invited = try await people.invite(email: "neu@example.com", role: .labeler, by: chief)
            #expect(invited.isMailed)
            let payload = try await shop.database.read { db in try db.query("SELECT payload FROM jobs") }
            #expect(payload.count == 1 && !String(describing: payload).contains(invited.token))
            #expect(try await shop.run(.mailInvitation) == [.done])
            let mails = try String(contentsOfFile: shop.folder + "/mails", encoding: .utf8)
            #expect(mails.contains("To: neu@example.com") && mails.contains("/#/invitation/\(invited.token)"))
        }
    }
}
