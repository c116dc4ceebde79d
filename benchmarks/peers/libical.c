/* libical: libical FILE START END → JSON {seconds, occurrences, peak_mb}. Dates are YYYYMMDD.
   cc -O2 libical.c -o libical -lical */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static long occurrences;

static void count(icalcomponent *event, struct icaltime_span *span, void *data)
{
    (void)event; (void)span; (void)data;
    occurrences++;
}

static char *line(char *s, size_t size, void *file) { return fgets(s, (int)size, file); }

int main(int argc, char **argv)
{
    struct timespec began, ended;
    if (argc < 4) return 2;
    clock_gettime(CLOCK_MONOTONIC, &began);
    FILE *file = fopen(argv[1], "r");
    icalparser *parser = icalparser_new();
    icalparser_set_gen_data(parser, file);
    icalcomponent *calendar = icalparser_parse(parser, line);
    struct icaltimetype start = icaltime_from_string(argv[2]), end = icaltime_from_string(argv[3]);
    icalcomponent *event;
    for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        icalcomponent_foreach_recurrence(event, start, end, count, NULL);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"seconds\": %f, \"occurrences\": %ld, \"peak_mb\": %f}\n",
           (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9, occurrences,
           (double)usage.ru_maxrss / 1024);
    return 0;
}
