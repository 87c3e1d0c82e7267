package dev.meshdojo.simulator.apiserver.schema;

/**
 * Whether someone may do something, for the expressions of policies and webhooks. Thread-safe.
 *
 * @see CelAccess
 */
@FunctionalInterface
public interface CelAuthorizer {

    /**
     * What is asked.
     *
     * @param serviceAccount {@code namespace:name} of who wants it; empty for who sends the request
     * @param path of a request that is for no resource, else empty
     * @param group API group
     * @param resource plural
     * @param subresource may be empty
     * @param namespace empty at the cluster scope
     * @param name empty for any
     * @param verb such as {@code get}
     */
    record Question(
            String serviceAccount,
            String path,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String verb) {

        /** Nothing asked yet. */
        static final Question NONE = new Question("", "", "", "", "", "", "", "");

        /** About a resource. */
        public static Question about(
                String group, String resource, String subresource, String namespace, String name) {
            return new Question("", "", group, resource, subresource, namespace, name, "");
        }

        Question by(String account) {
            return new Question(account, path, group, resource, subresource, namespace, name, verb);
        }

        Question path(String value) {
            return new Question(
                    serviceAccount, value, group, resource, subresource, namespace, name, verb);
        }

        Question group(String value) {
            return new Question(
                    serviceAccount, path, value, resource, subresource, namespace, name, verb);
        }

        Question resource(String value) {
            return new Question(
                    serviceAccount, path, group, value, subresource, namespace, name, verb);
        }

        Question subresource(String value) {
            return new Question(
                    serviceAccount, path, group, resource, value, namespace, name, verb);
        }

        Question namespace(String value) {
            return new Question(
                    serviceAccount, path, group, resource, subresource, value, name, verb);
        }

        Question name(String value) {
            return new Question(
                    serviceAccount, path, group, resource, subresource, namespace, value, verb);
        }

        Question verb(String value) {
            return new Question(
                    serviceAccount, path, group, resource, subresource, namespace, name, value);
        }
    }

    /**
     * An answer.
     *
     * @param allowed whether it may be done
     * @param reason may be empty
     */
    record Answer(boolean allowed, String reason) {}

    /** Decides. */
    Answer decide(Question question);
}
