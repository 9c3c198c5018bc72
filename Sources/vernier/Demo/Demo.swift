import ArgumentParser
import Foundation
import JSON
import Labeling
import Media
import NIOCore
import Storage
import Work

/// Serves with a demo project to try things on.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve with a demo project; prints a sign-in and an API key.",
        discussion: "For one's own machine: a new password and key are made at every start.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var listen: ListenOptions

    private static let project = "Demo street"
    private static let email = "demo@vernier.example"

    func run() async throws {
        try await Platform.with(try await Settings(shared, listen)) { platform in
            let (password, key) = try await Self.credentials(platform)
            try await Self.prepare(platform)
            try await Serve.serve(platform, workers: true) { address in
                Console.say(
                    """
                    vernier is ready at \(address)
                      sign in    \(Self.email)
                      password   \(password)
                      API key    \(key)
                    """)
            }
        }
    }

    /// A person and a key for this start; those of the last one end.
    private static func credentials(_ platform: Platform) async throws -> (password: String, key: String) {
        let account = AccountOperations.defaultName
        let password = String(Secret.make().prefix(12))
        let members = try await platform.accounts.members(account: account)
        if members.contains(where: { $0.user.email == email }) {
            try await platform.accounts.resetPassword(email: email, password: password)
        } else {
            _ = try await platform.accounts.createUser(
                account: account, email: email, role: .admin, password: password, displayName: "Demo")
        }
        for key in try await platform.accounts.keys(account: account) where key.name == "demo" && key.revokedAt == nil {
            try await platform.accounts.revokeKey(key.id)
        }
        let key = try await platform.accounts.createKey(account: account, mode: .live, label: "demo", scope: .full)
        return (password, key)
    }

    /// Creates the project and its tasks once.
    private static func prepare(_ platform: Platform) async throws {
        let actor = try await platform.actor(AccountOperations.defaultName)
        let projects = ProjectOperations(environment: platform.environment)
        let known = try await projects.list(archived: nil, by: actor)
        guard !known.contains(where: { $0.row.name == project }), let type = TaskTypes.named("imageannotation") else {
            return
        }
        _ = try await projects.create(
            NewProjectRequest(
                type: type, name: project, params: RawJSON(params), product: .standard, pipeline: nil,
                consensusAttempts: nil, datasetID: nil), by: actor)
        let files = FileOperations(environment: platform.environment)
        let tasks = TaskOperations(environment: platform.environment)
        for number in 1...8 {
            let scene = StreetScene(seed: UInt64(number))
            let picture = try await platform.pictures.encode(
                scene.pixels(), width: StreetScene.width, height: StreetScene.height, as: .jpeg)
            let object = try await platform.environment.objects.put(picture.bytes)
            let file = try await files.add(
                object, name: "street-\(number).jpg", details: FileDetails(project: project), by: actor)
            var body = JSONWriter()
            body.object { writer in
                writer.field("project", project)
                writer.field("attachment", file.address(account: actor.realm.account))
                writer.field("unique_id", "demo-street-\(number)")
            }
            _ = try await tasks.create(type, body: ByteBuffer(bytes: body.bytes), idempotencyKey: nil, by: actor)
        }
    }

    private static let params = """
        {"instruction":"Draw a tight **box** around every vehicle and every person, and outline each **house** and \
        **tree** with a polygon.",
        "geometries":{
          "box":{"objects_to_annotate":[
            {"choice":"vehicle","subchoices":["car","truck"]},"person"],
            "min_width":4,"min_height":4},
          "polygon":{"objects_to_annotate":["house","tree"],"min_vertices":3}},
        "annotation_attributes":{
          "colour":{"type":"category","description":"What colour is it?","choices":["red","blue","white","yellow","green","grey","other"],
            "conditions":{"label_condition":{"label":["car","truck"]}}},
          "doors":{"type":"number","description":"How many doors can you see?","min":0,"max":6,"required":false,
            "conditions":{"label_condition":{"label":"car"}}},
          "remark":{"type":"text","description":"Anything else to say?","required":false},
          "weather":{"type":"category","description":"What is the weather like?","choices":["sunny","cloudy"],
            "conditions":{"is_global":true}}}}
        """
}
