import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct ProjectTests {
    @Test(arguments: Backend.available)
    func `parameters have versions: whole ones and patches`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let made = try await shop.project("p", params: #"{"a":1,"list":[1,2],"deep":{"x":1,"y":2}}"#)
            #expect(made.versions.map(\.version) == [0])
            _ = try await shop.projects.setParams(
                "p", RawJSON(#"{"list":[3],"deep":{"x":9}}"#), patch: true, by: shop.key)
            let whole = try await shop.projects.setParams("p", RawJSON(#"{"b":2}"#), patch: false, by: shop.key)
            #expect(whole.versions.map(\.version) == [0, 1, 2])
            #expect(
                try whole.versions.map { try AnyJSON($0.params) } == [
                    AnyJSON(#"{"a":1,"list":[1,2],"deep":{"x":1,"y":2}}"#),
                    AnyJSON(#"{"a":1,"list":[3],"deep":{"x":9}}"#), AnyJSON(#"{"b":2}"#),
                ])
            var writer = JSONWriter()
            whole.write(to: &writer)
            let shown = try AnyJSON(writer.text)
            #expect(shown["param_history"]?[1]?["version"]?.int == 1)
            #expect(shown["param_history"]?[1]?["a"]?.int == 1)
            #expect(shown["ontologyHistory"]?.elements.isEmpty == true)
            #expect(
                try await shop.history(made.row.id)
                    == ["project.created", "project.params_set", "project.params_set"])
        }
    }

    @Test(arguments: Backend.available)
    func `a project without parameters gets its first by patch or whole`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            for patch in [true, false] {
                #expect(try await shop.project("\(patch)").versions.isEmpty)
                let after = try await shop.projects.setParams(
                    "\(patch)", RawJSON(#"{"a":1}"#), patch: patch, by: shop.key)
                #expect(after.versions.map(\.params) == [#"{"a":1}"#])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `ontologies have versions, and names are unique`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", type: "textcollection")
            _ = try await shop.projects.setOntology("p", RawJSON(#"["a"]"#), title: "First", by: shop.key)
            let two = try await shop.projects.setOntology("p", RawJSON(#"["b"]"#), title: nil, by: shop.key)
            #expect(two.ontologies.map(\.ontology) == [#"["a"]"#, #"["b"]"#])
            #expect(two.ontologies.map(\.name) == ["First", nil])
            await #expect(throws: Refusal(.duplicate, #"A project named "p" already exists."#)) {
                try await shop.project("p")
            }
            #expect(try await shop.projects.template("p", by: shop.key).row.name == "p")
            try await shop.project("q")
            await #expect(throws: Refusal.self) { try await shop.projects.template("q", by: shop.key) }
            #expect(try await shop.projects.list(archived: nil, by: shop.key).map(\.row.name) == ["p", "q"])
            #expect(try await shop.projects.list(archived: true, by: shop.key).isEmpty)
            let stranger = Workshop.key(of: try await Seed.account("other", in: shop.database))
            #expect(try await shop.projects.list(archived: nil, by: stranger).isEmpty)
            for change in ["p", "none"] {
                await #expect(throws: Refusal.noSuchProject(change)) {
                    try await shop.projects.setParams(change, RawJSON("{}"), patch: true, by: stranger)
                }
            }
        }
    }
}
