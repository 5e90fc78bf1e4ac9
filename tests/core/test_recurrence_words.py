"""Every phrase for a rule of repetition that crm reads, on Sunday, 22 November 2026."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from phrases import random_texts, rows

from crm_cli.core import recurrence
from crm_cli.errors import UsageError

KOLKATA = "Asia/Kolkata"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo(KOLKATA))


def repeated(text: str) -> str:
    every = recurrence.parse(text, today="2026-11-22", zone=KOLKATA, now=NOW)
    return " ".join(filter(None, ("completed:" * every.from_completion, every.rule, every.time)))


REPEATS = """
every day                                FREQ=DAILY
daily                                    FREQ=DAILY
each day                                 FREQ=DAILY
every 3 days                             FREQ=DAILY;INTERVAL=3
every other day                          FREQ=DAILY;INTERVAL=2
every week                               FREQ=WEEKLY
every 2 weeks                            FREQ=WEEKLY;INTERVAL=2
2 weeks                                  FREQ=WEEKLY;INTERVAL=2
2w                                       FREQ=WEEKLY;INTERVAL=2
every two weeks                          FREQ=WEEKLY;INTERVAL=2
every second week                        FREQ=WEEKLY;INTERVAL=2
every fortnight                          FREQ=WEEKLY;INTERVAL=2
every month                              FREQ=MONTHLY
every 3mo                                FREQ=MONTHLY;INTERVAL=3
every third month                        FREQ=MONTHLY;INTERVAL=3
every quarter                            FREQ=MONTHLY;INTERVAL=3
quarterly                                FREQ=MONTHLY;INTERVAL=3
every 2 quarters                         FREQ=MONTHLY;INTERVAL=6
every year                               FREQ=YEARLY
annually                                 FREQ=YEARLY
every monday                             FREQ=WEEKLY;BYDAY=MO
every mon                                FREQ=WEEKLY;BYDAY=MO
every mon and thu                        FREQ=WEEKLY;BYDAY=MO,TH
every fri, mon, wed                      FREQ=WEEKLY;BYDAY=MO,WE,FR
every weekday                            FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every working day                        FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every other friday                       FREQ=WEEKLY;INTERVAL=2;BYDAY=FR
every 2 weeks on monday                  FREQ=WEEKLY;INTERVAL=2;BYDAY=MO
weekly on tue                            FREQ=WEEKLY;BYDAY=TU
every 15th                               FREQ=MONTHLY;BYMONTHDAY=15
every 15th of the month                  FREQ=MONTHLY;BYMONTHDAY=15
every 1st and 15th                       FREQ=MONTHLY;BYMONTHDAY=1,15
every month on the 5th                   FREQ=MONTHLY;BYMONTHDAY=5
monthly on the 5th                       FREQ=MONTHLY;BYMONTHDAY=5
every 3 months on the 1st                FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1
every month on the 29th                  FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1
every month on the 31st                  FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
every last day of the month              FREQ=MONTHLY;BYMONTHDAY=-1
every end of month                       FREQ=MONTHLY;BYMONTHDAY=-1
every month on the last day              FREQ=MONTHLY;BYMONTHDAY=-1
every last friday                        FREQ=MONTHLY;BYDAY=-1FR
every last friday of the month           FREQ=MONTHLY;BYDAY=-1FR
every first monday                       FREQ=MONTHLY;BYDAY=1MO
every second friday of the month         FREQ=MONTHLY;BYDAY=2FR
every month on the second friday         FREQ=MONTHLY;BYDAY=2FR
every 3 months on the first monday       FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO
every last working day of the month      FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
every month on the first working day     FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1
every 15 march                           FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15
every year on march 15th                 FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15
every 2 years on 15 march                FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=15
every 29 february                        FREQ=YEARLY;BYYEARDAY=60
every first monday of december           FREQ=YEARLY;BYMONTH=12;BYDAY=1MO
every last day of february               FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
every monday 9am                         FREQ=WEEKLY;BYDAY=MO 09:00
every monday at 9:30                     FREQ=WEEKLY;BYDAY=MO 09:30
every month on the 31st at 5pm           FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1 17:00
every monday 5 times                     FREQ=WEEKLY;BYDAY=MO;COUNT=5
every day for three times                FREQ=DAILY;COUNT=3
every monday 9am 5 times                 FREQ=WEEKLY;BYDAY=MO;COUNT=5 09:00
every 15 march until 2030                FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15;UNTIL=20301231
every monday until dec 2030              FREQ=WEEKLY;BYDAY=MO;UNTIL=20301231
every monday until 1 dec                 FREQ=WEEKLY;BYDAY=MO;UNTIL=20261201
every 2 weeks on mon until 2030-01-01     FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20300101
every day until end of next month        FREQ=DAILY;UNTIL=20261231
every! 3 months                          completed: FREQ=MONTHLY;INTERVAL=3
every! week                              completed: FREQ=WEEKLY
every! 10 days 9am                       completed: FREQ=DAILY;INTERVAL=10 09:00
every! 2 weeks until 2028                completed: FREQ=WEEKLY;INTERVAL=2;UNTIL=20281231
FREQ=WEEKLY;BYDAY=MO                     FREQ=WEEKLY;BYDAY=MO
RRULE:FREQ=WEEKLY;WKST=SU;BYDAY=MO       FREQ=WEEKLY;WKST=SU;BYDAY=MO
freq=daily;count=3                       freq=daily;count=3
FREQ=DAILY;UNTIL=20291231T200000Z        FREQ=DAILY;UNTIL=20300101
"""
REFUSED = """
every                                      is not a rule of repetition
every soon                                 is not a rule of repetition
every fridays                              is not a rule of repetition
every 0 weeks                              is not a rule of repetition
every 9am                                  is not a rule of repetition
every 2 weeks on the 31st                  is not a rule of repetition
every day on monday                        is not a rule of repetition
every 15th and 31st                        is not a rule of repetition
every monday 0 times                       is not a rule of repetition
every second friday                        could be once a month or by weeks
biweekly                                   could be twice or every other
every weekend                              names two days
every 3 working days                       is not a rule that can be kept
every hour                                 repeats within a day
every 90 minutes                           repeats within a day
every! monday                              every! counts from each completion
every! 3 months 5 times                    every! counts from each completion
every monday until yesterday               has ended already
every monday until someday                 is not a day or time
every 30 february                          never happens
every 31 november                          never happens
FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30       never happens
FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31         never happens
FREQ=HOURLY                                HOURLY repeats within a day
FREQ=SECONDLY;INTERVAL=8                   SECONDLY repeats within a day
FREQ=DAILY;BYHOUR=9,15                     BYHOUR repeats within a day
FREQ=OFTEN                                 FREQ=OFTEN is not valid
FREQ=DAILY;INTERVAL=0                      INTERVAL=0 is not valid
FREQ=DAILY;INTERVAL=-1                     INTERVAL=-1 is not valid
FREQ=DAILY;COUNT=1000000                   COUNT=1000000 is not valid
FREQ=MONTHLY;BYMONTHDAY=32                 BYMONTHDAY=32 is not valid
FREQ=MONTHLY;BYMONTHDAY=0                  BYMONTHDAY=0 is not valid
FREQ=MONTHLY;BYDAY=XX                      BYDAY=XX is not valid
FREQ=DAILY;UNTIL=20269999                  UNTIL=20269999 is not valid
FREQ=DAILY;FREQ=WEEKLY                     FREQ is in the rule twice
FREQ=DAILY;UNTIL=20300101;COUNT=2          UNTIL and COUNT exclude each other
FREQ=WEEKLY;BYMONTHDAY=3                   BYMONTHDAY is not possible with FREQ=WEEKLY
FREQ=WEEKLY;BYDAY=1MO                      BYDAY=1MO is not possible with FREQ=WEEKLY
FREQ=MONTHLY;BYSETPOS=1                    BYSETPOS needs another BY part
FREQ=DAILY;BYEASTER=1                      'BYEASTER' is not a part of a rule
INTERVAL=2;XFREQ=DAILY                     'XFREQ' is not a part of a rule
"""


@pytest.mark.parametrize(("phrase", "meaning"), rows(REPEATS))
def test_a_phrase_of_a_rule(phrase: str, meaning: str) -> None:
    assert repeated(phrase) == meaning


@pytest.mark.parametrize(("phrase", "why"), rows(REFUSED))
def test_what_is_not_a_rule_is_refused_with_the_reason(phrase: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)):
        repeated(phrase)


def test_10_000_random_texts_are_a_rule_or_a_usage_error() -> None:
    for text in random_texts(10_000):
        with suppress(UsageError):
            repeated(text)
