import io.synapse.gateway.http.app.Main;
import java.util.Optional;

/**
 * Starts the server below Maven, and has it shut down in good order when Maven is gone, however that came about: of
 * itself, Maven would leave it behind.
 */
final class Run {
    public static void main(String[] args) throws Exception {
        Optional<ProcessHandle> maven = ProcessHandle.current().parent();
        Thread.ofPlatform().name("follow-maven").daemon().start(() -> follow(maven));
        Main.main(args);
    }

    private static void follow(Optional<ProcessHandle> maven) {
        try {
            while (maven.equals(ProcessHandle.current().parent())) {
                Thread.sleep(100);
            }
            System.exit(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
