package import JSON
import Storage

/// Who did something, with the name that people know.
package struct NamedActor: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case person, key, program
    }

    package let kind: Kind
    /// Nil for the program.
    package let id: String?
    package let name: String

    /// Writes the actor.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kind", kind.rawValue)
            writer.field("id", ifPresent: id)
            writer.field("name", name)
        }
    }
}

/// The names of the actors of some events, looked up together.
struct ActorNames {
    private let people: [String: PersonName]
    private let keys: [ObjectReference: String]

    /// Looks up everybody whom labels such as `user:<id>` and `key:<id>` name.
    init(_ labels: some Sequence<String>, realm: Int64, in db: any Connection) throws {
        var (users, keys) = (Set<String>(), Set<ObjectReference>())
        for label in labels {
            switch Self.parts(label) {
            case ("user", let id?): users.insert(id)
            case ("key", let id?): keys.insert(ObjectReference(kind: "key", id: id))
            default: break
            }
        }
        people = try db.people(users)
        self.keys = try db.names(realm: realm, of: keys)
    }

    /// The actor behind a label.
    subscript(_ label: String) -> NamedActor {
        switch Self.parts(label) {
        case ("user", let id?): NamedActor(kind: .person, id: id, name: people[id]?.shown ?? "somebody who is gone")
        case ("key", let id?):
            NamedActor(
                kind: .key, id: id, name: "the key " + (keys[ObjectReference(kind: "key", id: id)] ?? "that is gone"))
        default: NamedActor(kind: .program, id: nil, name: "Vernier")
        }
    }

    private static func parts(_ label: String) -> (kind: Substring, id: String?) {
        let parts = label.split(separator: ":", maxSplits: 1)
        return (parts.first ?? "", parts.count > 1 ? String(parts[1]) : nil)
    }
}

extension PersonName {
    /// The name, or the e-mail address of somebody who has not given one.
    var shown: String { name.isEmpty ? email : name }

    /// Writes the person.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("name", shown)
            writer.field("email", email)
        }
    }
}
