import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct StudioTests {
    @Test(arguments: Backend.available)
    func `people are assigned to projects and taken off again`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            try await shop.project("q")
            for name in ["ada", "bob"] { _ = try await shop.person("\(name)@example.com") }
            let both = try await shop.studio.assign(
                ["ada@example.com", "bob@example.com"], to: ["p", "q"], ends: false, by: shop.key)
            #expect(both.count == 4)
            let left = try await shop.studio.assign(["bob@example.com"], to: ["p"], ends: true, by: shop.key)
            #expect(
                Set(left.map { "\($0.email) \($0.project)" }) == [
                    "ada@example.com p", "ada@example.com q", "bob@example.com q",
                ])
            let issues = await #expect(throws: Issues.self) {
                try await shop.studio.assign(
                    ["ada@example.com", "nobody@example.com"], to: ["p"], ends: false, by: shop.key)
            }
            #expect(issues?.all.map(\.path) == ["emails[1]"])
            await #expect(throws: Refusal.noSuchProject("r")) {
                try await shop.studio.assign(["ada@example.com"], to: ["r"], ends: false, by: shop.key)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a group is renamed and dissolved, unless a batch is left to nobody by that`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            _ = try await shop.person("ada@example.com")
            _ = try await shop.studio.assign(["ada@example.com"], to: ["p"], ends: false, by: shop.key)
            for name in ["g", "h"] {
                _ = try await shop.studio.createGroup(name, ["ada@example.com"], in: "p", by: shop.key)
            }
            try await shop.batch("b", of: "p")
            _ = try await shop.studio.setGroups(["g"], of: "b", by: shop.key)
            let renamed = try await shop.studio.renameGroup("g", to: "nights", in: "p", by: shop.key)
            #expect(renamed.name == "nights" && renamed.members.map(\.email) == ["ada@example.com"])
            var groups = try await shop.studio.batches(by: shop.key).first?.groups.map(\.name)
            #expect(groups == ["nights"])
            let taken = await #expect(throws: Refusal.self) {
                try await shop.studio.renameGroup("h", to: "nights", in: "p", by: shop.key)
            }
            #expect(taken?.code == .duplicate)

            let kept = await #expect(throws: Refusal.self) {
                try await shop.studio.removeGroup("nights", in: "p", by: shop.key)
            }
            #expect(kept?.code == .conflict && kept?.message.contains("\"b\"") == true)
            _ = try await shop.studio.setGroups(["nights", "h"], of: "b", by: shop.key)
            try await shop.studio.removeGroup("nights", in: "p", by: shop.key)
            groups = try await shop.studio.batches(by: shop.key).first?.groups.map(\.name)
            #expect(groups == ["h"])
            let left = try await shop.studio.groups(of: "p", by: shop.key)
            #expect(left.map(\.name) == ["h"])
            let gone = await #expect(throws: Refusal.self) {
                try await shop.studio.removeGroup("nights", in: "p", by: shop.key)
            }
            #expect(gone?.code == .notFound)
        }
    }

    @Test(arguments: Backend.available)
    func `a group holds people of its project`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            for name in ["ada", "bob", "cyd"] { _ = try await shop.person("\(name)@example.com") }
            _ = try await shop.studio.assign(
                ["ada@example.com", "bob@example.com"], to: ["p"], ends: false, by: shop.key)
            let group = try await shop.studio.createGroup("g", ["ada@example.com"], in: "p", by: shop.key)
            #expect(group.members.map(\.email) == ["ada@example.com"])
            let changed = try await shop.studio.updateGroup(
                "g", in: "p", add: ["bob@example.com"], remove: ["ada@example.com"], by: shop.key)
            #expect(changed.members.map(\.email) == ["bob@example.com"])
            let issues = await #expect(throws: Issues.self) {
                try await shop.studio.updateGroup("g", in: "p", add: ["cyd@example.com"], remove: [], by: shop.key)
            }
            #expect(issues?.all.map(\.path) == ["add_emails[0]"])
            await #expect(throws: Refusal.self) {
                try await shop.studio.createGroup("g", [], in: "p", by: shop.key)
            }
            await #expect(throws: Refusal.self) {
                try await shop.studio.updateGroup("none", in: "p", add: [], remove: [], by: shop.key)
            }
            #expect(try await shop.studio.groups(of: "p", by: shop.key).map(\.name) == ["g"])
            try await shop.batch("b", of: "p")
            let batch = try await shop.studio.setGroups(["g", "ada@example.com"], of: "b", by: shop.key)
            #expect(Set(batch.groups.map(\.name)) == ["g", "ada@example.com"])
            #expect(batch.groups.first { $0.isSingleton }?.members.map(\.email) == ["ada@example.com"])
            let again = try await shop.studio.setGroups(["ada@example.com"], of: "b", by: shop.key)
            #expect(again.groups.map(\.name) == ["ada@example.com"])
            await #expect(throws: Issues.self) {
                try await shop.studio.setGroups(["none"], of: "b", by: shop.key)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `pending batches are put in an order that names them all`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            for name in ["one", "two", "three"] {
                shop.clock.advance(1)
                try await shop.batch(name, of: "p")
            }
            func names() async throws -> [String] { try await shop.studio.batches(by: shop.key).map(\.row.name) }
            #expect(try await names() == ["one", "two", "three"])
            _ = try await shop.studio.setOrder(["three", "one", "two"], by: shop.key)
            #expect(try await names() == ["three", "one", "two"])
            for wrong in [["one"], ["one", "two", "three", "four"], ["one", "one", "two", "three"]] {
                await #expect(throws: Issues.self) { try await shop.studio.setOrder(wrong, by: shop.key) }
            }
            _ = try await shop.studio.setOrder(nil, by: shop.key)
            #expect(try await names() == ["one", "two", "three"])
        }
    }
}
