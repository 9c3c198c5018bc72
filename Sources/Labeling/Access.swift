/// What a person is in an account.
package enum Role: String, Sendable, CaseIterable {
    case admin, manager, member, labeler
}

/// What an API key is good for.
package enum Scope: String, Sendable, CaseIterable {
    /// Everything that keys can do.
    case full
    /// Sending data and fetching answers.
    case tasks
    /// Reading only.
    case read
}

/// Something that a route may demand of whoever calls it.
package enum Permission: String, Sendable, CaseIterable {
    case tasksRead = "tasks.read"
    case tasksWrite = "tasks.write"
    case tasksAudit = "tasks.audit"
    case batchesRead = "batches.read"
    case batchesWrite = "batches.write"
    case projectsRead = "projects.read"
    case projectsWrite = "projects.write"
    case filesWrite = "files.write"
    case qualityRead = "quality.read"
    case qualityWrite = "quality.write"
    case teamsRead = "teams.read"
    case teamsWrite = "teams.write"
    case studioRead = "studio.read"
    case studioWrite = "studio.write"
    case keysManage = "keys.manage"
    /// Inviting people, and changing what they may do.
    case peopleManage = "people.manage"
    /// One's own name, password and sessions.
    case profileOwn = "profile.own"
    case deliveriesRead = "deliveries.read"
    case deliveriesResend = "deliveries.resend"
    case eventsRead = "events.read"
    /// Seeing what labelers found wrong with tasks.
    case reportsRead = "reports.read"
    /// Seeing what was done by whom, how long it took, and what is to be paid for.
    case usageRead = "usage.read"
    /// Seeing how well people work.
    case statisticsRead = "statistics.read"
    /// Where an account's callbacks go and how they are signed.
    case settingsManage = "settings.manage"
    /// Seeing where files lie with others.
    case integrationsRead = "integrations.read"
    /// The places where files lie with others, and what opens them.
    case integrationsManage = "integrations.manage"
    /// Claiming work, drawing and submitting, on work items that are one's own.
    case workTake = "work.take"
    /// Seeing and releasing work items of others.
    case workAny = "work.any"
}

/// Who may do what, in one table.
package enum Access {
    private static let everybody: Set<Role> = [.admin, .manager, .member, .labeler]
    private static let team: Set<Role> = [.admin, .manager, .member]
    private static let leads: Set<Role> = [.admin, .manager]
    private static let admins: Set<Role> = [.admin]

    /// One line a permission: the roles and the key scopes that have it.
    package static let table: [(permission: Permission, roles: Set<Role>, scopes: Set<Scope>)] = [
        (.tasksRead, team, [.full, .tasks, .read]),
        (.tasksWrite, team, [.full, .tasks]),
        (.tasksAudit, team, [.full]),
        (.batchesRead, team, [.full, .tasks, .read]),
        (.batchesWrite, team, [.full, .tasks]),
        (.projectsRead, team, [.full, .tasks, .read]),
        (.projectsWrite, leads, [.full]),
        (.filesWrite, team, [.full, .tasks]),
        (.qualityRead, leads, [.full, .read]),
        (.qualityWrite, leads, [.full]),
        (.teamsRead, team, [.full, .read]),
        (.teamsWrite, leads, [.full]),
        (.studioRead, team, [.full, .read]),
        (.studioWrite, leads, [.full]),
        (.keysManage, admins, []),
        (.peopleManage, leads, []),
        (.profileOwn, everybody, []),
        (.deliveriesRead, leads, [.full, .read]),
        (.deliveriesResend, leads, [.full, .tasks]),
        (.eventsRead, leads, [.full, .read]),
        (.reportsRead, leads, [.full, .read]),
        (.usageRead, leads, [.full, .read]),
        (.statisticsRead, leads, [.full, .read]),
        (.settingsManage, admins, []),
        (.integrationsRead, admins, [.full]),
        (.integrationsManage, admins, [.full]),
        (.workTake, everybody, [.full]),
        (.workAny, leads, [.full]),
    ]

    private static let byPermission = Dictionary(
        table.map { ($0.permission, (roles: $0.roles, scopes: $0.scopes)) }, uniquingKeysWith: { first, _ in first })

    /// Whether people in a role may do something.
    package static func allows(_ permission: Permission, to role: Role) -> Bool {
        byPermission[permission]?.roles.contains(role) ?? false
    }

    /// Whether a key with a scope may do something.
    package static func allows(_ permission: Permission, to scope: Scope) -> Bool {
        byPermission[permission]?.scopes.contains(scope) ?? false
    }
}
