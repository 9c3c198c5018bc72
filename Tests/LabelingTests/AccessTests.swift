import Labeling
import Testing

struct AccessTests {
    @Test func `each permission has one line in the table`() {
        #expect(Access.table.map(\.permission) == Permission.allCases)
    }

    @Test func `an admin may do everything and a labeler only what is their own`() {
        for permission in Permission.allCases {
            #expect(Access.allows(permission, to: Role.admin))
            #expect(Access.allows(permission, to: Role.labeler) == [.workTake, .profileOwn].contains(permission))
        }
    }

    @Test func `a higher role may do all that a lower one may`() {
        for permission in Permission.allCases {
            if Access.allows(permission, to: Role.member) { #expect(Access.allows(permission, to: Role.manager)) }
            if Access.allows(permission, to: Role.manager) { #expect(Access.allows(permission, to: Role.admin)) }
        }
    }

    @Test func `a key that reads changes nothing`() {
        for permission in Permission.allCases where Access.allows(permission, to: Scope.read) {
            #expect(permission.rawValue.hasSuffix(".read"))
        }
    }

    @Test func `no key makes keys`() {
        #expect(Scope.allCases.allSatisfy { !Access.allows(.keysManage, to: $0) })
    }
}
