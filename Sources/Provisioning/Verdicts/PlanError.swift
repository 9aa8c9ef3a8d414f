/// Why a claim and its class make no plan.
package struct PlanError: Error, Sendable {
    package let reason: String
}
