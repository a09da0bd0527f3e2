package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.upstreamFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.JobUpstream;
import io.synapse.gateway.testkit.fake.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The rules for upstreams that work on jobs, that host files, and that are behind HTTP; each is skipped for others.
 *
 * @param <P> what the provider is
 * @param <R> what it is asked
 * @param <A> what it answers
 * @param <F> what it may or may not be able to do
 */
abstract class MediaUpstreamRules<P extends Provider, R, A, F extends Enum<F> & MediaFeature>
        extends MediaRules<P, R, A, F> {
    /** The kinds of failure that a job of the upstream can end with. */
    protected Set<Kind> jobFailures() {
        return EnumSet.of(Kind.FAILED);
    }

    /** Makes another provider, which speaks to that address; for providers behind HTTP. */
    P providerElsewhere(URI address) {
        throw new IllegalStateException("only providers behind HTTP speak to an address");
    }

    @Test
    void job_is_asked_about_until_it_ends() throws Exception {
        A answer = answer((Usage) null);
        jobs().answersAfter(3, answer);
        assertSame(ask(call(), request()).result(), answer);
        assertThat(upstream.requests())
                .as("a submission and four questions at least")
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void job_that_fails_is_told_by_its_kind() {
        JobUpstream<A> jobs = jobs();
        for (Kind kind : jobFailures()) {
            jobs.failsLater(kind);
            assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(kind);
        }
    }

    @Test
    void cancelling_a_call_cancels_its_job() {
        JobUpstream<A> jobs = jobs();
        jobs.worksForEver();
        UpstreamCall call = call();
        Patiently<A> running = ask(call, request());
        jobs.awaitRequests(2);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.failure()).isInstanceOf(Exception.class);
        if (jobs.cancellable()) {
            jobs.awaitCancellations(1);
        }
    }

    @Test
    void job_whose_time_is_up_is_cancelled() {
        JobUpstream<A> jobs = jobs();
        jobs.worksForEver();
        assertThat(upstreamFailure(ask(call(briefly()), request())).kind()).isEqualTo(Kind.TIMED_OUT);
        // Who did not come to a question need not have known the job.
        if (jobs.cancellable() && jobs.requests() > 1) {
            jobs.awaitCancellations(1);
        }
    }

    @Test
    void job_that_ended_is_not_cancelled() throws Exception {
        JobUpstream<A> jobs = jobs();
        jobs.answers(answer((Usage) null));
        for (int i = 0; i < 3; i++) {
            ask(call(), request()).result();
        }
        assertThat(jobs.cancellations()).isZero();
    }

    @Test
    void file_that_the_upstream_lost_is_a_failure_and_its_url_is_not_told() throws Exception {
        HttpMediaUpstream<A> http = http();
        assumeTrue(fetchesFiles(http), "an upstream that hosts files");
        http.losesFiles(answer((Usage) null));
        UpstreamException failure = upstreamFailure(ask(call(), request()));
        assertThat(failure.kind()).isIn(Kind.FAILED, Kind.MALFORMED, Kind.UNREACHABLE);
        assertThat(failure.getMessage()).doesNotContain("/hosted/");
    }

    @Test
    void credentials_are_not_sent_along_with_the_fetching_of_a_file() throws Exception {
        HttpMediaUpstream<A> http = http();
        assumeTrue(fetchesFiles(http), "an upstream that hosts files");
        for (Request request : http.fileRequests()) {
            assertThat(request.headers().keySet())
                    .as("headers of the request for a file")
                    .noneMatch(MediaUpstreamRules::bearsCredentials);
        }
    }

    private boolean fetchesFiles(HttpMediaUpstream<A> http) throws Exception {
        http.answers(answer((Usage) null));
        ask(call(), request()).result();
        return !http.fileRequests().isEmpty();
    }

    private static boolean bearsCredentials(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return name.contains("auth") || name.contains("key") || name.contains("token") || name.contains("cookie");
    }

    @Test
    void connection_serves_the_next_call_after_an_answer_to_its_end() throws Exception {
        HttpMediaUpstream<A> http = http();
        http.answers(answer((Usage) null));
        for (int i = 0; i < 3; i++) {
            ask(call(), request()).result();
        }
        assertThat(http.server().connections()).isEqualTo(1);
    }

    @Test
    void wait_that_the_upstream_asks_for_is_told() {
        http().fails(Kind.RATE_LIMITED, Duration.ofSeconds(7), null);
        assertThat(upstreamFailure(ask(call(), request())).retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void upstream_that_is_not_there_is_unreachable() throws Exception {
        http();
        // Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            P elsewhere = providerElsewhere(URI.create("http://127.0.0.1:" + silent.getLocalPort()));
            Patiently<A> running = Patiently.start(patience(), () -> ask(elsewhere, call(), request()));
            assertThat(upstreamFailure(running).kind()).isEqualTo(Kind.UNREACHABLE);
            close(elsewhere);
        }
    }
}
