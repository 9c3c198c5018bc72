import ArgumentParser
import Foundation
import Labeling
import Storage
import Work

/// Which account a command is about, and where it is.
struct AccountOptions: ParsableArguments {
    @OptionGroup var shared: SharedOptions

    @Option(help: "The account.")
    var account: String = AccountOperations.defaultName
}

extension Role: ExpressibleByArgument {}
extension Scope: ExpressibleByArgument {}

/// Accounts: each with worlds of its own.
struct Accounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Create accounts.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        @OptionGroup var shared: SharedOptions

        @Option(help: "The new account's name.")
        var name: String

        func run() async throws {
            let row = try await Platform.with(try await Settings(shared)) { try await $0.accounts.createAccount(name) }
            print(row.id)
        }
    }
}

/// People who sign in.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Create and list people, reset passwords and second factors.",
        subcommands: [Create.self, List.self, ResetPassword.self, ResetSecondFactor.self])

    struct Create: AsyncParsableCommand {
        @OptionGroup var options: AccountOptions

        @Option(help: "The e-mail address to sign in with.")
        var email: String

        @Option(help: "The name to show.")
        var name: String?

        @Option(help: "admin, manager, member or labeler.")
        var role: Role

        @Flag(help: "Read the password from standard input; it is never taken from the command line.")
        var passwordStdin = false

        func run() async throws {
            guard passwordStdin else { throw StartError("Give --password-stdin and the password on standard input.") }
            let password = Users.passwordFromInput()
            let user = try await Platform.with(try await Settings(options.shared)) { platform in
                try await platform.accounts.createUser(
                    account: options.account, email: email, role: role, password: password, displayName: name)
            }
            print(user.id)
        }
    }

    struct List: AsyncParsableCommand {
        @OptionGroup var options: AccountOptions

        func run() async throws {
            let members = try await Platform.with(try await Settings(options.shared)) { platform in
                try await platform.accounts.members(account: options.account)
            }
            for member in members {
                print("\(member.user.id)  \(member.role.rawValue)  \(member.state.rawValue)  \(member.user.email)")
            }
        }
    }

    struct ResetPassword: AsyncParsableCommand {
        @OptionGroup var shared: SharedOptions

        @Option(help: "The person's e-mail address.")
        var email: String

        @Flag(help: "Read the password from standard input; it is never taken from the command line.")
        var passwordStdin = false

        func run() async throws {
            guard passwordStdin else { throw StartError("Give --password-stdin and the password on standard input.") }
            let password = Users.passwordFromInput()
            try await Platform.with(try await Settings(shared)) { platform in
                try await platform.accounts.resetPassword(email: email, password: password)
            }
            print("The password is set; open sessions have ended.")
        }
    }

    struct ResetSecondFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-second-factor", abstract: "Let a person sign in by the password alone again.")

        @OptionGroup var shared: SharedOptions

        @Option(help: "The person's e-mail address.")
        var email: String

        func run() async throws {
            try await Platform.with(try await Settings(shared)) { platform in
                try await platform.accounts.resetSecondFactor(email: email)
            }
            print("The second factor is gone; open sessions have ended.")
        }
    }

    fileprivate static func passwordFromInput() -> String {
        readLine(strippingNewline: true) ?? ""
    }
}

/// What programs authenticate with.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list and revoke API keys.",
        subcommands: [Create.self, List.self, Revoke.self, RotateLinks.self, RevokeLinks.self])

    enum Mode: String, ExpressibleByArgument {
        case live, test
        case callbackAuth = "callback-auth"
        case testCallbackAuth = "test-callback-auth"
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a new key; it is shown this once.")

        @OptionGroup var options: AccountOptions

        @Option(help: "live, test, callback-auth (the secret that callbacks carry) or test-callback-auth.")
        var mode: Mode

        @Option(help: "A name to know it by.")
        var name: String = ""

        @Option(help: "full, tasks or read.")
        var scope: Scope = .full

        func run() async throws {
            let text = try await Platform.with(try await Settings(options.shared)) { platform in
                switch mode {
                case .live, .test:
                    try await platform.accounts.createKey(
                        account: options.account, mode: mode == .live ? .live : .test, label: name, scope: scope)
                case .callbackAuth:
                    try await platform.accounts.callbackSecret(account: options.account, mode: .live)
                case .testCallbackAuth:
                    try await platform.accounts.callbackSecret(account: options.account, mode: .test)
                }
            }
            print(text)
        }
    }

    struct List: AsyncParsableCommand {
        @OptionGroup var options: AccountOptions

        func run() async throws {
            let keys = try await Platform.with(try await Settings(options.shared)) { platform in
                try await platform.accounts.keys(account: options.account)
            }
            for key in keys {
                let state = key.revokedAt == nil ? "valid" : "revoked"
                print("\(key.id)  \(key.hint)  \(key.scope)  \(state)  \(key.createdAt.iso8601)  \(key.name)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        @OptionGroup var shared: SharedOptions

        @Argument(help: "The key's id, as list prints it.")
        var id: String

        func run() async throws {
            try await Platform.with(try await Settings(shared)) { try await $0.accounts.revokeKey(id) }
            print("The key is revoked.")
        }
    }

    struct RotateLinks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign links to files with a new key from now on; those given out work until they end.")

        @OptionGroup var shared: SharedOptions

        @Flag(help: "End all links that were given out, of every account; servers notice within seconds.")
        var revoke = false

        func run() async throws {
            try await Platform.with(try await Settings(shared)) { platform in
                try await platform.environment.links.ring.rotate(revoking: revoke, now: platform.environment.now())
            }
            print(revoke ? "All links have ended; new ones have a new key." : "New links have a new key.")
        }
    }

    struct RevokeLinks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End all links to files of an account; servers notice within seconds.")

        @OptionGroup var options: AccountOptions

        func run() async throws {
            try await Platform.with(try await Settings(options.shared)) { platform in
                let actor = try await platform.actor(options.account)
                try await LinkOperations(environment: platform.environment).revoke(by: actor)
            }
            print("All links of the account have ended.")
        }
    }
}
